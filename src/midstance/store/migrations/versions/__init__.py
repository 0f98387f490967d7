"""How the tables came to be, one step a file; run forward by midstance.store.database."""
