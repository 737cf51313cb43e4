package dev.architect.router.learned;

import dev.architect.router.regression.ModelFormatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The form of a model file: eight letters that say what it is, the version of the format, the length and the CRC-32 of the content, and
 * the content. Numbers are big-endian.
 */
final class ModelFile {

    static final int VERSION = 1;
    private static final int HEAD = 20;
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    private ModelFile() {}

    /** What writes the content. */
    @FunctionalInterface
    interface Content {
        void write(DataOutput out) throws IOException;
    }

    /** What reads the content. */
    @FunctionalInterface
    interface Reading<T> {
        T read(DataInput in) throws IOException;
    }

    static byte[] write(String kind, Content content) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            content.write(new DataOutputStream(bytes));
            byte[] body = bytes.toByteArray();
            return ByteBuffer.allocate(HEAD + body.length)
                    .put(kind.getBytes(StandardCharsets.US_ASCII))
                    .putInt(VERSION)
                    .putInt(body.length)
                    .putInt(crc(body, 0))
                    .put(body)
                    .array();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static <T> T read(String kind, byte[] file, Reading<T> reading) {
        if (file.length < HEAD || file.length > MOST_BYTES) {
            throw new LearnedModelException(
                    "model file", file.length + " bytes", HEAD + " to " + MOST_BYTES + " bytes");
        }
        ByteBuffer head = ByteBuffer.wrap(file);
        byte[] name = new byte[8];
        head.get(name);
        if (!new String(name, StandardCharsets.US_ASCII).equals(kind)) {
            throw new LearnedModelException("model file", "of another kind", "one that begins with " + kind);
        }
        int version = head.getInt();
        if (version != VERSION) {
            throw new LearnedModelException("version", Integer.toString(version), Integer.toString(VERSION));
        }
        int length = head.getInt();
        if (length != file.length - HEAD) {
            throw new LearnedModelException(
                    "length", Integer.toString(file.length - HEAD), length + " as the file says");
        }
        int crc = head.getInt();
        if (crc != crc(file, HEAD)) {
            throw new LearnedModelException(
                    "checksum", Integer.toHexString(crc(file, HEAD)), Integer.toHexString(crc) + " as the file says");
        }
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(file, HEAD, length));
            T read = reading.read(in);
            if (in.read() >= 0) {
                throw new LearnedModelException("length", "longer than its content", "nothing behind it");
            }
            return read;
        } catch (ModelFormatException wrong) {
            throw new LearnedModelException(wrong.field(), wrong.value(), wrong.expected());
        } catch (EOFException end) {
            throw new LearnedModelException("model file", "cut off", "its whole content");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static int crc(byte[] bytes, int from) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, bytes.length - from);
        return (int) crc.getValue();
    }

    static double finite(String field, double value) {
        if (!Double.isFinite(value)) {
            throw new LearnedModelException(field, Double.toString(value), "a finite number");
        }
        return value;
    }

    static int count(String field, int value, int most) {
        if (value < 0 || value > most) {
            throw new LearnedModelException(field, Integer.toString(value), "0 to " + most);
        }
        return value;
    }
}
