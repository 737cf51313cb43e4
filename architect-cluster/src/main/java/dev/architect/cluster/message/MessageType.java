package dev.architect.cluster.message;

import java.util.Optional;

/** What a message is about. Codes are never used again; a type that a node does not know is passed over. */
public enum MessageType {
    /** Something was changed in the store. */
    CHANGE(1),
    /** A shared document has a new version. */
    DOCUMENT(2),
    /** What a node sees of the others and of the store. */
    GOSSIP(3),
    /** What a node knows about the health of models. */
    HEALTH(4);

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<MessageType> of(int code) {
        for (MessageType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
