package dev.architect.provider.http;

/** How a streamed answer is cut into events. */
public enum StreamFormat {
    /** Server-sent events (html.spec.whatwg.org, section 9.2). */
    SSE("text/event-stream"),
    /** One JSON value in each line. */
    NDJSON("application/x-ndjson");

    private final String mediaType;

    StreamFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }
}
