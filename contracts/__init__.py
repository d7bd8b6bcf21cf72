"""The published language of comhar: facts, commands, queries, answers, refusals and vocabulary; nothing but words."""
