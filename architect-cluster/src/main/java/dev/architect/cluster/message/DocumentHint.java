package dev.architect.cluster.message;

/**
 * A shared document has a version that may be new to others.
 *
 * @param name the document
 * @param version the version that was written
 */
public record DocumentHint(String name, long version) {

    /** Returns the message. */
    public byte[] toMessage(String storeId) {
        return Envelope.write(
                MessageType.DOCUMENT,
                storeId,
                new ByteWriter().text(name).eight(version).toBytes());
    }

    /** Reads the content of a message. */
    public static DocumentHint read(byte[] content) {
        ByteReader reader = new ByteReader(content);
        return new DocumentHint(reader.text(), reader.eight());
    }
}
