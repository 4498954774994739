"""What the house learns from confirmed matters: which class or unit a message belongs to, how sure that is, when not to say."""
