"""waitress with parked long polls, the bottle app, authentication, one routes file per resource."""
