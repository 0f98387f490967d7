-- A store as the first release wrote it (tables 0001), with one take.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE analyses (
	id INTEGER NOT NULL, 
	take_id INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	version VARCHAR(32) NOT NULL, 
	content JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(take_id) REFERENCES takes (id) ON DELETE CASCADE
);
INSERT INTO "analyses" VALUES(1,1,'2026-05-01 08:00:00.000000','0.1.0','{"schema": 1, "version": "0.1.0", "clip": {"path": "a.mp4", "sha256": "0000000000000000000000000000000000000000000000000000000000000000", "width": 640, "height": 360, "frames": 90, "duration_s": 3.0, "rate_hz": 30.0, "variable_rate": false, "rotation_deg": 0, "slow_motion_factor": 1.0}, "pose": {"backend": "blazepose", "model": "full", "weights_sha256": "0000000000000000000000000000000000000000000000000000000000000000"}, "view": {"plane": "side", "near_side": "right", "direction": "right", "setting": "treadmill", "camera": "fixed", "scale_m_per_px": null, "scale_source": "none", "notes": []}, "contacts": [], "measures": [{"id": "shank_angle_at_strike_deg", "value": 9.0, "uncertainty": 1.0, "unit": "deg", "side": "both", "sd": 1.0, "n": 8, "band": null}, {"id": "speed_mps", "value": 3.0, "uncertainty": 0.1, "unit": "mps", "side": "both", "sd": 1.0, "n": 8, "band": null}], "not_assessed": [], "findings": [], "warnings": [], "plan": {"focus": "reaching", "cue": "Put the foot down sooner.", "why": "", "practice": "", "film_again": "", "target": {"measure": "shank_angle_at_strike_deg", "side": "both", "from": 9.0, "to": 5.0, "minimal_change": 1.4, "unit": "deg"}, "expect": [], "guard": [], "later": []}}');
CREATE TABLE athletes (
	id INTEGER NOT NULL, 
	uid VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	height_m FLOAT, 
	mass_kg FLOAT, 
	notes TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (uid), 
	UNIQUE (name)
);
INSERT INTO "athletes" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','Cody',1.8,66.0,'');
CREATE TABLE comparisons (
	id INTEGER NOT NULL, 
	athlete_id INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	takes JSON NOT NULL, 
	content JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(athlete_id) REFERENCES athletes (id) ON DELETE CASCADE
);
CREATE TABLE files (
	id INTEGER NOT NULL, 
	take_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	"key" VARCHAR(96) NOT NULL, 
	name TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(take_id) REFERENCES takes (id) ON DELETE CASCADE
);
INSERT INTO "files" VALUES(1,1,'clip','ab/ab00000000000000000000000000000000000000000000000000000000000000.mp4','run.mp4',1000);
CREATE TABLE plans (
	id INTEGER NOT NULL, 
	take_id INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	focus VARCHAR(64) NOT NULL, 
	cue TEXT NOT NULL, 
	content JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(take_id) REFERENCES takes (id) ON DELETE CASCADE
);
INSERT INTO "plans" VALUES(1,1,'2026-05-01 08:00:00.000000','reaching','Put the foot down sooner.','{"focus": "reaching", "cue": "Put the foot down sooner.", "why": "", "practice": "", "film_again": "", "target": {"measure": "shank_angle_at_strike_deg", "side": "both", "from": 9.0, "to": 5.0, "minimal_change": 1.4, "unit": "deg"}, "expect": [], "guard": [], "later": []}');
CREATE TABLE takes (
	id INTEGER NOT NULL, 
	uid VARCHAR(32) NOT NULL, 
	athlete_id INTEGER NOT NULL, 
	taken_at DATETIME, 
	trying TEXT NOT NULL, 
	surface TEXT NOT NULL, 
	shoes TEXT NOT NULL, 
	speed_mps FLOAT, 
	slow_motion FLOAT NOT NULL, 
	notes TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (uid), 
	FOREIGN KEY(athlete_id) REFERENCES athletes (id) ON DELETE CASCADE
);
INSERT INTO "takes" VALUES(1,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1,'2026-05-01 07:00:00.000000','sooner','track','',3.0,1.0,'');
CREATE INDEX ix_takes_athlete_id ON takes (athlete_id);
CREATE INDEX ix_files_take_id ON files (take_id);
CREATE INDEX ix_files_key ON files ("key");
CREATE INDEX ix_analyses_take_id ON analyses (take_id);
CREATE INDEX ix_plans_take_id ON plans (take_id);
CREATE INDEX ix_comparisons_athlete_id ON comparisons (athlete_id);
COMMIT;
