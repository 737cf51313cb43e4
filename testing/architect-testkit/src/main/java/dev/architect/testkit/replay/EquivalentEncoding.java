package dev.architect.testkit.replay;

import dev.architect.simulator.script.SeededRandom;

/** Encodings of a body with the same meaning: other line ends, comments, empty lines. */
final class EquivalentEncoding {

    private static final String EVENT_END = "\n\n";

    private EquivalentEncoding() {}

    /** Returns {@code body} as another server might send it. */
    static String randomFor(RecordedReply reply, SeededRandom random) {
        String body = reply.body().replace("\r\n", "\n");
        boolean isEvents = body.startsWith("data:") || body.startsWith("event:");
        if (random.onceIn(3)) {
            return reply.body();
        }
        if (isEvents && random.onceIn(2)) {
            body = withComments(body, random);
        }
        return body.replace("\n", random.oneOf("\n", "\r\n", "\r"));
    }

    private static String withComments(String body, SeededRandom random) {
        StringBuilder commented = new StringBuilder();
        int from = 0;
        for (int end = body.indexOf(EVENT_END); end >= 0; end = body.indexOf(EVENT_END, from)) {
            commented.append(body, from, end + EVENT_END.length());
            from = end + EVENT_END.length();
            if (random.onceIn(4)) {
                commented.append(random.oneOf(": ping\n\n", ":\n\n", ": keep-alive\n", "\n", "id: 7\nretry: 3000\n\n"));
            }
        }
        return commented.append(body.substring(from)).toString();
    }
}
