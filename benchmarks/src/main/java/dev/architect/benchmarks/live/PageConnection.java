package dev.architect.benchmarks.live;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * What one page has heard over its WebSocket: finds the keys of things in the bytes as they come, without building a tree of them. Used by one
 * thread.
 */
final class PageConnection {

    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEY = "{\"key\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_KEY = 64;
    private static final int CLOSE = 8;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;

    private final SightingLog log;
    private final BitSet seen = new BitSet();
    private final StringBuilder key = new StringBuilder();
    private final StringBuilder status = new StringBuilder();
    private boolean isOpen;
    private boolean isClosed;
    private int headMatched;
    private int keyMatched;
    private int frameByte;
    private int lengthBytes;
    private int opcode;
    private long pendingLength;
    private long left;

    PageConnection(SightingLog log) {
        this.log = log;
    }

    /** Whether the server has accepted the upgrade. */
    boolean isOpen() {
        return isOpen;
    }

    /** Whether the server has said that it closes. */
    boolean isClosed() {
        return isClosed;
    }

    /** Takes what has come. */
    void read(ByteBuffer bytes, long now) {
        while (bytes.hasRemaining()) {
            if (!isOpen) {
                readHead(bytes.get());
            } else if (left > 0) {
                readPayload(bytes, now);
            } else {
                readFrame(bytes.get() & 0xff);
            }
        }
    }

    private void readHead(byte next) {
        if (status.length() < 12) {
            status.append((char) next);
        }
        headMatched = next == END_OF_HEAD[headMatched] ? headMatched + 1 : next == END_OF_HEAD[0] ? 1 : 0;
        if (headMatched == END_OF_HEAD.length) {
            if (!status.toString().equals("HTTP/1.1 101")) {
                throw new IllegalStateException("the server answered " + status + ", expected HTTP/1.1 101");
            }
            isOpen = true;
        }
    }

    /** The head of a frame: its kind, then its length in one, three or nine bytes. What a server sends is not masked. */
    private void readFrame(int next) {
        if (frameByte == 0) {
            opcode = next & 0x0f;
            frameByte = 1;
        } else if (frameByte == 1) {
            lengthBytes = next == SHORT_LENGTH ? 2 : next == LONG_LENGTH ? 8 : 0;
            frameByte = 2;
            if (lengthBytes == 0) {
                begin(next);
            }
        } else {
            pendingLength = pendingLength << 8 | next;
            lengthBytes--;
            if (lengthBytes == 0) {
                begin(pendingLength);
            }
        }
    }

    private void begin(long length) {
        left = length;
        pendingLength = 0;
        frameByte = 0;
        isClosed |= opcode == CLOSE;
    }

    private void readPayload(ByteBuffer bytes, long now) {
        int count = (int) Math.min(left, bytes.remaining());
        left -= count;
        for (int i = 0; i < count; i++) {
            byte next = bytes.get();
            if (keyMatched < KEY.length) {
                keyMatched = next == KEY[keyMatched] ? keyMatched + 1 : next == KEY[0] ? 1 : 0;
            } else if (next == '"' || key.length() == MAX_KEY) {
                saw(key.toString(), now);
                key.setLength(0);
                keyMatched = 0;
            } else {
                key.append((char) next);
            }
        }
    }

    private void saw(String id, long now) {
        SightingLog.Sightings task = log.of(id);
        if (!seen.get(task.number())) {
            seen.set(task.number());
            task.add(now);
        }
    }
}
