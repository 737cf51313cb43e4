package dev.architect.postgres;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of one PostgreSQL version as the build packs them: a tar file (POSIX ustar: files, folders and symbolic links) in an xz stream.
 *
 * <p>The layout of a header is that of POSIX.1-2017, pax, "ustar Interchange Format".
 */
final class PostgresArchive {

    private static final int BLOCK = 512;

    private PostgresArchive() {}

    /**
     * Unpacks the archive below an existing folder.
     *
     * @throws IOException if the stream is no such archive, names something outside the folder, or cannot be written
     */
    static void unpack(InputStream archive, Path folder) throws IOException {
        try (InputStream tar = new BufferedInputStream(new XZInputStream(archive), 1 << 16)) {
            byte[] header = new byte[BLOCK];
            while (readFully(tar, header) && header[0] != 0) {
                String prefix = text(header, 345, 155);
                String name = (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
                long size = Long.parseLong(text(header, 124, 12).strip(), 8);
                int mode = Integer.parseInt(text(header, 100, 8).strip(), 8);
                Path target = folder.resolve(name).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("the archive of PostgreSQL names " + name + ", expected a path inside it");
                }
                Files.createDirectories(target.equals(folder) ? folder : target.getParent());
                switch (header[156]) {
                    case '5' -> Files.createDirectories(target);
                    case '2' -> Files.createSymbolicLink(target, Path.of(text(header, 157, 100)));
                    case '0', 0 -> writeFile(tar, target, size, mode);
                    default ->
                        throw new IOException("the archive of PostgreSQL has an entry of type " + (char) header[156]
                                + " (" + name + "), expected a file, folder or link");
                }
            }
        }
    }

    private static void writeFile(InputStream tar, Path target, long size, int mode) throws IOException {
        try (var out = Files.newOutputStream(target)) {
            byte[] buffer = new byte[1 << 16];
            for (long left = size; left > 0; ) {
                int read = tar.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException("the archive of PostgreSQL ends inside " + target.getFileName());
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        // Another user of the machine may have to run it: PostgreSQL refuses root.
        Files.setPosixFilePermissions(
                target, PosixFilePermissions.fromString((mode & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x"));
    }

    private static boolean readFully(InputStream in, byte[] block) throws IOException {
        return in.readNBytes(block, 0, block.length) == block.length;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }
}
