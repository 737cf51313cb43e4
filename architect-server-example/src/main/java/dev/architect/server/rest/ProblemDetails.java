package dev.architect.server.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/** Refusals and failures as problem details (RFC 9457). */
public final class ProblemDetails {

    /** Their media type. */
    public static final String TYPE = "application/problem+json";

    /** Where the kinds of errors are explained: the code follows. */
    public static final String PATH = "/problems/";

    private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]");

    private ProblemDetails() {}

    static ObjectNode of(ApiException failure, String request) {
        String detail = String.valueOf(failure.getMessage());
        ObjectNode json = JsonResponseWriter.object()
                .put("type", PATH + failure.code())
                .put("title", title(failure.code()))
                .put("status", failure.status())
                .put("detail", detail)
                .put("instance", request)
                .put("code", failure.code());
        ArrayNode errors = json.putArray("errors");
        failure.field().ifPresent(field -> {
            ObjectNode error = errors.addObject();
            switch (failure.place()) {
                case BODY -> error.put("pointer", pointer(field));
                case PARAMETER -> error.put("parameter", field);
                case HEADER -> error.put("header", field);
            }
            error.put("code", failure.code()).put("detail", detail);
        });
        failure.retryAfter().ifPresent(wait -> json.put("retryAfterSeconds", ErrorResponses.seconds(wait)));
        failure.members().forEach(json::set);
        return json;
    }

    /** Returns a code as a title, such as {@code Invalid value}. */
    public static String title(String code) {
        String words = code.replace('-', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** Returns a place such as {@code tasks[3].type} as a JSON pointer (RFC 6901). */
    static String pointer(String field) {
        return "/"
                + INDEX.matcher(field.replace("~", "~0").replace("/", "~1"))
                        .replaceAll("/$1")
                        .replace('.', '/');
    }
}
