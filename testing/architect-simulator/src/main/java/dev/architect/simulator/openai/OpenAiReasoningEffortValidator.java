package dev.architect.simulator.openai;

import dev.architect.simulator.wire.ErrorResponseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The reasoning efforts that OpenAI's models support, by their ids. */
final class OpenAiReasoningEffortValidator {

    private static final Pattern GPT = Pattern.compile("gpt-(\\d+)(?:\\.(\\d+))?(?:-.*)?");

    private OpenAiReasoningEffortValidator() {}

    /** Checks the effort {@code word} of {@code field}; empty when the request sets none. */
    static String read(OpenAiParsedRequest request, String field, String word) throws ErrorResponseException {
        if (word.isEmpty()) {
            return "";
        }
        if (!request.reasons()) {
            throw OpenAiErrorWriter.unsupported(field);
        }
        List<String> supported = supported(version(request.id()));
        if (!supported.contains(word)) {
            throw OpenAiErrorWriter.invalid(
                    "Unsupported value: '" + word + "' is not supported with the '" + request.id()
                            + "' model. Supported values are: '" + String.join("', '", supported) + "'.",
                    field,
                    "unsupported_value");
        }
        return word;
    }

    /** Whether the model supports tools over Chat Completions only without reasoning. */
    static boolean toolsNeedNone(OpenAiParsedRequest request) {
        return request.reasons() && version(request.id()) >= 504;
    }

    private static List<String> supported(int version) {
        List<String> efforts = new ArrayList<>();
        if (version >= 501) {
            efforts.add("none");
        }
        if (version == 500) {
            efforts.add("minimal");
        }
        efforts.addAll(List.of("low", "medium", "high"));
        if (version >= 502) {
            efforts.add("xhigh");
        }
        if (version >= 506) {
            efforts.add("max");
        }
        return efforts;
    }

    /** Major version times 100 plus minor version; 0 for another model. */
    private static int version(String id) {
        Matcher gpt = GPT.matcher(id);
        if (!gpt.matches()) {
            return 0;
        }
        return Integer.parseInt(gpt.group(1)) * 100 + (gpt.group(2) == null ? 0 : Integer.parseInt(gpt.group(2)));
    }
}
