"""Printed forms: form definitions are data, drawn by one renderer."""
