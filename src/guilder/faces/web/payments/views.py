"""The payment list, one payment, recording and reversing."""
