"""CSM: customer complaints, from receipt to callback."""
