"""What is written for people: the folder of results, the report page, the page of an athlete."""
