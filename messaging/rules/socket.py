"""What the socket lets through: sizes, rates, patience and the codes with which it is closed."""

SUBPROTOCOL = "portal.v1"
LARGEST_FRAME_BYTES = 64 * 1024
NOT_SIGNED_IN = 4401
WRONG_ORIGIN = 4403
READS_TOO_SLOWLY = 4408
FRAME_TOO_LARGE = 4413
TOO_FAST = 4429
SESSION_ENDED = 4440

# House rule: a person types one frame a second, a program that waits for each ack some hundreds; a flood sends more.
FRAMES_A_SECOND = 400.0
FRAMES_AT_ONCE = 1_200.0
# So many refused frames, before half of that room is there again, close the socket.
REFUSALS_BEFORE_CLOSE = 300
# What may wait for a socket that reads slowly, in frames and in characters, before it is closed.
MOST_WAITING_FRAMES = 4_000
MOST_WAITING_CHARACTERS = 2 * 1024 * 1024
CATCH_UP_CHUNK = 100
MOST_OPEN_CONVERSATIONS = 500  # by one socket
SLOW_READER_WITHIN = 15.0  # seconds that a reader may stand still
# Half of what is promised (5 s), so that a slow query leaves room.
LOOK_AGAIN_SECONDS = 2.0
DELIVERED_WITHIN_SECONDS = 1.0
# After a look that failed (a lost connection), for two whole waits would leave nothing of what is promised.
LOOK_AFTER_FAILURE_SECONDS = 0.25
