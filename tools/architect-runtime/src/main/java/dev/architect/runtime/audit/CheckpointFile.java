package dev.architect.runtime.audit;

import dev.architect.audit.AuditCheckpoint;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checkpoints of the audit in a file outside of the store, one line of JSON each, signed with Ed25519. The key is made with the first one and
 * kept beside it, in a file with {@code .key} behind the name, for its owner alone. Whoever can write to the store but not to these two files
 * cannot make up a chain that agrees with them. Safe for use by several threads; several processes need files of their own.
 */
public final class CheckpointFile {

    private static final String ALGORITHM = "Ed25519";

    private final Path file;
    private final Path keyFile;

    /** Creates it; nothing is read or written before it is used. The directory must exist. */
    public CheckpointFile(Path file) {
        this.file = file;
        this.keyFile = file.resolveSibling(file.getFileName() + ".key");
    }

    /**
     * Adds a checkpoint.
     *
     * @throws UncheckedIOException when that fails
     */
    public synchronized void add(AuditCheckpoint checkpoint) {
        try {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("number", checkpoint.number());
            line.put("hash", checkpoint.hash());
            line.put("at", checkpoint.at().toString());
            line.put("signature", sign(text(checkpoint)));
            if (!Files.exists(file)) {
                create(file);
            }
            Files.writeString(file, JsonText.write(line) + "\n", StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException("checkpoint cannot be added to " + file, failure);
        }
    }

    /**
     * Returns all checkpoints in their order; none when there is no such file.
     *
     * @throws IllegalStateException when a line is no checkpoint, or its signature is wrong
     * @throws UncheckedIOException when the file cannot be read
     */
    public synchronized List<AuditCheckpoint> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            PublicKey key = keys().getPublic();
            List<AuditCheckpoint> all = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                all.add(read(line, all.size() + 1, key));
            }
            return all;
        } catch (IOException failure) {
            throw new UncheckedIOException("checkpoints cannot be read from " + file, failure);
        }
    }

    private AuditCheckpoint read(String line, int number, PublicKey key) {
        try {
            JsonFields fields = JsonFields.parse(line);
            AuditCheckpoint checkpoint = new AuditCheckpoint(
                    fields.exactDecimal("number", 1, Long.MAX_VALUE)
                            .orElseThrow()
                            .longValueExact(),
                    fields.requiredText("hash"),
                    Instant.parse(fields.requiredText("at")));
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(text(checkpoint));
            if (check.verify(Base64.getDecoder().decode(fields.requiredText("signature")))) {
                return checkpoint;
            }
        } catch (GeneralSecurityException | RuntimeException wrong) {
            throw new IllegalStateException(
                    file + " is damaged in line " + number + ", expected a checkpoint of the audit", wrong);
        }
        throw new IllegalStateException(
                file + " has a wrong signature in line " + number + ", expected one with the key in " + keyFile);
    }

    private static byte[] text(AuditCheckpoint checkpoint) {
        return (checkpoint.number() + " " + checkpoint.hash() + " " + checkpoint.at()).getBytes(StandardCharsets.UTF_8);
    }

    private String sign(byte[] text) throws IOException {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(keys().getPrivate());
            signature.update(text);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(keyFile + " holds no usable key, expected one for " + ALGORITHM, failure);
        }
    }

    private KeyPair keys() throws IOException {
        try {
            if (!Files.exists(keyFile)) {
                KeyPair made = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
                create(keyFile);
                Base64.Encoder encoder = Base64.getEncoder();
                Files.writeString(
                        keyFile,
                        encoder.encodeToString(made.getPrivate().getEncoded()) + "\n"
                                + encoder.encodeToString(made.getPublic().getEncoded()) + "\n");
                return made;
            }
            List<String> lines = Files.readAllLines(keyFile);
            if (lines.size() < 2) {
                throw new IllegalStateException(keyFile + " holds no key, expected two lines");
            }
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            Base64.Decoder decoder = Base64.getDecoder();
            PrivateKey secret = factory.generatePrivate(new PKCS8EncodedKeySpec(decoder.decode(lines.get(0))));
            PublicKey open = factory.generatePublic(new X509EncodedKeySpec(decoder.decode(lines.get(1))));
            return new KeyPair(open, secret);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(keyFile + " holds no usable key, expected one for " + ALGORITHM, failure);
        }
    }

    private static void create(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(path);
        }
    }
}
