"""The vocabulary: every record type, field and value type. No input or output."""
