package dev.architect.server.gateway;

import dev.architect.server.operation.Schema;
import java.util.List;

/**
 * The forms of what clients of vendors send and get, as far as the gateway reads and writes them. The vendors' own descriptions are the
 * measure; fields that these do not name are followed, ignored or refused as the reference says.
 */
final class GatewaySchemas {

    private static final Schema ANY_OBJECT = Schema.map(Schema.any());
    private static final Schema TEXT_OR_LIST = Schema.anyOf(Schema.text(), Schema.list(Schema.any()));

    static final Schema CHAT = Schema.object()
            .required("model", Schema.text())
            .required("messages", Schema.list(ANY_OBJECT))
            .optional("stream", Schema.truth())
            .optional("tools", Schema.list(ANY_OBJECT))
            .optional("max_completion_tokens", Schema.integer())
            .optional("temperature", Schema.number())
            .open()
            .named("ChatCompletionRequest");

    static final Schema RESPONSES = Schema.object()
            .required("model", Schema.text())
            .required("input", TEXT_OR_LIST)
            .optional("instructions", Schema.text())
            .optional("stream", Schema.truth())
            .optional("tools", Schema.list(ANY_OBJECT))
            .optional("max_output_tokens", Schema.integer())
            .open()
            .named("ResponseRequest");

    static final Schema MESSAGES_TO_COUNT = Schema.object()
            .required("model", Schema.text())
            .required("messages", Schema.list(ANY_OBJECT))
            .optional("system", TEXT_OR_LIST)
            .optional("tools", Schema.list(ANY_OBJECT))
            .open()
            .named("MessageCountRequest");

    static final Schema MESSAGES = Schema.object()
            .all(MESSAGES_TO_COUNT)
            .required("max_tokens", Schema.integer())
            .optional("stream", Schema.truth())
            .optional("temperature", Schema.number())
            .open()
            .named("MessageRequest");

    /** What the vendors describe, and clients of theirs read. */
    static final Schema EMBEDDINGS = Schema.object()
            .required("model", Schema.text())
            .required("input", TEXT_OR_LIST)
            .optional("dimensions", Schema.integer())
            .optional("encoding_format", Schema.text())
            .optional("user", Schema.text())
            .open()
            .named("EmbeddingsRequest");

    static final Schema VECTORS = ANY_OBJECT.named("Embeddings");

    static final Schema COMPLETION = ANY_OBJECT.named("ChatCompletion");

    static final Schema RESPONSE = ANY_OBJECT.named("Response");

    static final Schema MESSAGE = ANY_OBJECT.named("Message");

    static final Schema COUNT = Schema.object()
            .optional("object", Schema.text())
            .required("input_tokens", Schema.integer(0, Long.MAX_VALUE))
            .open()
            .named("TokenCount");

    static final Schema MODEL = Schema.object()
            .required("id", Schema.text())
            .optional("object", Schema.text())
            .optional("created", Schema.integer())
            .optional("owned_by", Schema.text())
            .optional("type", Schema.text())
            .optional("display_name", Schema.text())
            .optional("created_at", Schema.instant())
            .optional("lifecycle", Schema.text())
            .open()
            .named("GatewayModel");

    static final Schema MODELS = Schema.object()
            .optional("object", Schema.text())
            .required("data", Schema.list(MODEL))
            .optional("has_more", Schema.truth())
            .optional("first_id", Schema.text())
            .optional("last_id", Schema.text())
            .open()
            .named("GatewayModels");

    /** OpenAI has {@code param} and {@code code}, Anthropic {@code type} around it. */
    static final Schema ERROR = Schema.object()
            .optional("type", Schema.text())
            .optional("request_id", Schema.text().orNull())
            .required(
                    "error",
                    Schema.object()
                            .required(List.of("message", "type"), Schema.text())
                            .optional("param", Schema.text().orNull())
                            .optional("code", Schema.text().orNull())
                            .open())
            .open()
            .named("GatewayError");

    private GatewaySchemas() {}
}
