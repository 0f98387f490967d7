"""Write what people open: the folder of results, the report page, the page of an athlete."""
