"""What the answers of a survey say: counted by the database, judged by `csm.kit.statistics`."""
