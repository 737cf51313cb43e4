package dev.architect.router.cache;

import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.route.Route;

/** Estimates how much memory an answer takes. */
final class AnswerSize {

    /** The objects around the texts of an answer, its key and its place in the cache. */
    private static final int OVERHEAD = 1_024;

    private static final int CANDIDATE = 128;
    private static final int CITATION = 512;

    private AnswerSize() {}

    static long bytes(ChatResponse answer) {
        long characters = 0;
        for (Part part : answer.content()) {
            if (part instanceof Part.Text text) {
                characters += text.text().length();
            } else if (part instanceof Part.Reasoning reasoning) {
                characters += reasoning.text().length()
                        + reasoning
                                .signature()
                                .map(each -> each.toString().length())
                                .orElse(0);
            }
        }
        Route route = answer.route();
        return OVERHEAD
                + Character.BYTES * characters
                + (long) CANDIDATE
                        * (route.candidates().size() + route.exclusions().size())
                + (long) CITATION * answer.citations().size();
    }
}
