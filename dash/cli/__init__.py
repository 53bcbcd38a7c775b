"""The command line. It formats and nothing else; each command is a module that is imported when it is called."""
