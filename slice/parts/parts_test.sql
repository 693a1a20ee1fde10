-- name: q_forge_balance
UPDATE stock_balance SET qty = qty + 1 WHERE bin = 'good' AND qty = 5;

-- name: q_forge_value
UPDATE stock_balance SET value = value + 1 WHERE bin = 'good' AND qty = 5;

-- name: q_forge_line
UPDATE stock_line SET value = value + 1 WHERE qty = 5;

-- name: q_forge_third
INSERT INTO stock_line(move_id, part_id, warehouse_id, bin, qty, value) SELECT move_id, part_id, warehouse_id, bin, qty, value FROM stock_line WHERE qty = 5;

-- name: q_forge_reserved
UPDATE stock_balance SET reserved = 1 WHERE bin = 'good' AND qty = 5;

-- name: q_forge_serial
UPDATE part_serial SET bin = 'bad';

-- name: q_forge_transit
UPDATE stock_balance SET bin = 'transit' WHERE bin = 'good' AND qty = 5;

-- name: q_forge_negative
UPDATE stock_balance SET qty = -1 WHERE bin = 'good';

-- name: q_wipe_serial_moves
DELETE FROM stock_serial;

-- name: q_wipe_serials
DELETE FROM part_serial;

-- name: q_wipe_lines
DELETE FROM stock_line;

-- name: q_wipe_moves
DELETE FROM stock_move;

-- name: q_wipe_balances
DELETE FROM stock_balance;

-- name: q_count_moves
SELECT count(*) FROM stock_move;

-- name: q_count_parts
SELECT count(*) FROM part;
