"""Analyse many takes at once, on this machine or a cluster: one row a take, a stride and a contact in Parquet."""
