package dev.architect.server.operation;

/** The form of every refusal and failure: problem details (RFC 9457). */
final class ProblemSchema {

    /** Its media type. */
    static final String TYPE = "application/problem+json";

    static final Schema PROBLEM = Schema.object()
            .required("type", Schema.text().described("Where the kind of error is explained."))
            .required("title", Schema.text())
            .required("status", Schema.integer(400, 599))
            .required("detail", Schema.text().described("What was seen and what was expected."))
            .required("instance", Schema.text().described("The number of the request, as in X-Request-Id."))
            .required("code", Schema.text().described("The kind of error, for programs."))
            .required(
                    "errors",
                    Schema.list(Schema.object()
                            .optional("pointer", Schema.text().described("The place in the body (RFC 6901)."))
                            .optional("parameter", Schema.text())
                            .optional("header", Schema.text())
                            .required("code", Schema.text())
                            .required("detail", Schema.text())
                            .optional("line", Schema.integer().described("The line in a text of several."))
                            .optional("column", Schema.integer())
                            .open()))
            .optional(
                    "current",
                    Schema.map(Schema.any()).described("The thing as it is now, when a change is of an older version."))
            .optional("changed", Schema.list(Schema.text()).described("What has changed since that version."))
            .optional("retryAfterSeconds", Schema.integer(1, 86_400))
            .open()
            .named("Problem");

    private ProblemSchema() {}
}
