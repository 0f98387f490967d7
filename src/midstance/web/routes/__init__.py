"""The pages and addresses of the app, one file a subject."""
