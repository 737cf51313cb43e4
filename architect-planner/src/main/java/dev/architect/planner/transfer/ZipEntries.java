package dev.architect.planner.transfer;

import dev.architect.project.transfer.ImportException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads zip files that anybody may have made. The directory at the end decides, and what it says is checked against the bytes: no name leads out of
 * the file, no link, no password, nothing inflates to more than a hundred times its size or to more than the limit in all. Sizes are refused before
 * anything is unpacked.
 */
final class ZipEntries {

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int DIRECTORY = 0x02014b50;
    private static final int DIRECTORY_BYTES = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int MOST_COMMENT = 0xffff;
    private static final int MOST_ENTRIES = 10_000;
    static final int MOST_RATIO = 100;
    private static final int SMALL = 4_096;
    private static final int ENCRYPTED = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int FILE_TYPE = 0xf000;
    private static final int LINK = 0xa000;

    private final ByteBuffer zip;
    private final long maxBytes;

    private ZipEntries(byte[] zip, long maxBytes) {
        this.zip = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        this.maxBytes = maxBytes;
    }

    /** What is packed under a name. A name may be there twice. */
    static final class Packed {

        private final String name;
        private final byte[] content;

        Packed(String name, byte[] content) {
            this.name = name;
            this.content = content;
        }

        String name() {
            return name;
        }

        /** Its bytes, which nobody changes. */
        byte[] content() {
            return content;
        }
    }

    static boolean isZip(byte[] content) {
        return content.length > 3 && content[0] == 'P' && content[1] == 'K';
    }

    static List<Packed> read(byte[] zip, long maxBytes) {
        return new ZipEntries(zip, maxBytes).read();
    }

    private static ImportException broken(String place, String seen, String expected) {
        return new ImportException(place, "zip", seen, expected);
    }

    private int end() {
        for (int at = zip.limit() - END_BYTES; at >= 0 && at >= zip.limit() - END_BYTES - MOST_COMMENT; at--) {
            if (zip.getInt(at) == END) {
                return at;
            }
        }
        throw broken("", "without a directory at its end", "a whole zip file");
    }

    private int u16(int at) {
        return Short.toUnsignedInt(zip.getShort(at));
    }

    private long u32(int at) {
        return Integer.toUnsignedLong(zip.getInt(at));
    }

    private List<Packed> read() {
        int end = end();
        int count = u16(end + 10);
        long start = u32(end + 16);
        if (count > MOST_ENTRIES) {
            throw broken("", count + " entries", "at most " + MOST_ENTRIES);
        }
        List<Packed> all = new ArrayList<>();
        long unpacked = 0;
        long at = start;
        for (int i = 0; i < count; i++) {
            String place = "entry " + (i + 1);
            if (at + DIRECTORY_BYTES > end || zip.getInt((int) at) != DIRECTORY) {
                throw broken(place, "no entry of the directory", "one");
            }
            int header = (int) at;
            int nameBytes = u16(header + 28);
            at += DIRECTORY_BYTES + nameBytes + u16(header + 30) + u16(header + 32);
            if (at > end) {
                throw broken(place, "longer than the directory", "a whole zip file");
            }
            String name = name(place, header + DIRECTORY_BYTES, nameBytes);
            checkKind(name, header);
            if (name.endsWith("/")) {
                continue;
            }
            long packedSize = u32(header + 20);
            long size = u32(header + 24);
            unpacked += size;
            if (unpacked > maxBytes) {
                throw broken(name, unpacked + " bytes unpacked", "at most " + maxBytes + " in all");
            }
            if (size > SMALL && size > MOST_RATIO * packedSize) {
                throw broken(
                        name, size + " bytes out of " + packedSize, "at most " + MOST_RATIO + " times as many bytes");
            }
            all.add(new Packed(name, content(name, header, (int) packedSize, (int) size)));
        }
        return all;
    }

    private String name(String place, int at, int length) {
        String name;
        try {
            name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(zip.duplicate().position(at).limit(at + length).slice())
                    .toString();
        } catch (CharacterCodingException wrong) {
            throw broken(place, "of a name that is not UTF-8", "names in UTF-8");
        }
        String plain = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        boolean isOut = plain.isEmpty()
                || plain.startsWith("/")
                || plain.indexOf('\\') >= 0
                || plain.indexOf(':') >= 0
                || plain.chars().anyMatch(Character::isISOControl)
                || List.of(plain.split("/", -1)).stream()
                        .anyMatch(each -> each.isEmpty() || each.equals(".") || each.equals(".."));
        if (isOut) {
            throw new ImportException(
                    place, "name", "'" + name + "'", "a relative path without .., backslashes and colons");
        }
        return name;
    }

    private void checkKind(String name, int header) {
        if ((u16(header + 8) & ENCRYPTED) != 0) {
            throw broken(name, "encrypted", "an entry without a password");
        }
        if ((zip.getInt(header + 38) >>> 16 & FILE_TYPE) == LINK) {
            throw broken(name, "a link", "a file");
        }
        int method = u16(header + 10);
        if (method != STORED && method != DEFLATED) {
            throw broken(name, "packed by method " + method, "one that is stored or deflated");
        }
    }

    private byte[] content(String name, int header, int packedSize, int size) {
        long local = u32(header + 42);
        if (local + LOCAL_BYTES > zip.limit() || zip.getInt((int) local) != LOCAL) {
            throw broken(name, "at byte " + local + ", where no file begins", "a whole zip file");
        }
        long from = local + LOCAL_BYTES + u16((int) local + 26) + u16((int) local + 28);
        if (packedSize < 0 || size < 0 || from + packedSize > zip.limit()) {
            throw broken(name, "cut off", "a whole zip file");
        }
        byte[] content = u16(header + 10) == STORED
                ? stored(name, (int) from, packedSize, size)
                : inflated(name, (int) from, packedSize, size);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        if (checksum.getValue() != u32(header + 16)) {
            throw broken(name, "of another checksum than the directory says", "bytes that nobody has changed");
        }
        return content;
    }

    private byte[] stored(String name, int from, int packedSize, int size) {
        if (packedSize != size) {
            throw broken(name, packedSize + " bytes", size + " as the directory says");
        }
        byte[] content = new byte[size];
        zip.get(from, content);
        return content;
    }

    private byte[] inflated(String name, int from, int packedSize, int size) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(zip.array(), from, packedSize);
            byte[] content = new byte[size];
            int read = 0;
            while (read < size) {
                int more = inflater.inflate(content, read, size - read);
                if (more == 0) {
                    throw broken(name, read + " bytes", size + " as the directory says");
                }
                read += more;
            }
            // An entry that goes on is larger than it says.
            if (inflater.inflate(new byte[1]) > 0) {
                throw broken(name, "more than " + size + " bytes", "as many as the directory says");
            }
            return content;
        } catch (DataFormatException wrong) {
            throw broken(name, "packed wrongly", "deflated bytes");
        } finally {
            inflater.end();
        }
    }
}
