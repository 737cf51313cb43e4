package dev.architect.benchmarks.parse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The bytes of one vendor's answers: a whole one and a streamed one.
 *
 * <p>The shapes are those of recorded traffic, in a resource for each wire. {@code %TEXT%} stands for text, {@code %N%} for
 * the number of an event, {@code %ALL%} for the text of the whole stream.
 *
 * @param name the name of the wire
 * @param response the body of a whole answer
 * @param stream the body of a streamed answer
 * @param responseText the text that the whole answer holds
 * @param streamText the text that the streamed answer holds
 */
record WireSample(String name, byte[] response, byte[] stream, String responseText, String streamText) {

    /** The size of a whole answer, 1.4 KiB. */
    static final int RESPONSE_BYTES = 1_434;

    /** The events of a streamed answer, those at its start and its end included. */
    static final int EVENTS = 200;

    /** The least text of a whole answer, where what is around the text already has the size. */
    private static final int MIN_TEXT = 200;

    private static final String SENTENCE =
            "The plan names three steps: read the input once, keep what is needed, and say what was left out.\\n";

    /** Reads the shapes of a wire and fills them. */
    static WireSample of(String name) {
        String[] shapes = sections(name);
        String body = shapes[0];
        String responseText = text(Math.max(MIN_TEXT, RESPONSE_BYTES - body.length() + "%TEXT%".length()));
        List<String> start = events(name, shapes[1]);
        List<String> end = events(name, shapes[3]);
        List<String> events = new ArrayList<>(start);
        StringBuilder all = new StringBuilder();
        String[] words = SENTENCE.split("(?= )");
        for (int n = start.size(); n < EVENTS - end.size(); n++) {
            String piece = words[n % words.length];
            all.append(piece);
            events.add(shapes[2].replace("%TEXT%", piece).replace("%N%", Integer.toString(n)));
        }
        end.forEach(event -> events.add(event.replace("%ALL%", all)));
        // Ollama streams lines of JSON, the others server-sent events.
        String apart = name.equals("ollama") ? "\n" : "\n\n";
        String stream = String.join(apart, events) + apart;
        return new WireSample(
                name,
                bytes(body.replace("%TEXT%", responseText)),
                // Gemini ends its lines with CR LF.
                bytes(name.equals("gemini") ? stream.replace("\n", "\r\n") : stream),
                decoded(responseText),
                decoded(all.toString()));
    }

    private static String text(int length) {
        String text = SENTENCE.repeat(length / SENTENCE.length() + 1).substring(0, length);
        // The cut may leave half of an escape sequence.
        return text.endsWith("\\") ? text.substring(0, length - 1) + "." : text;
    }

    private static String decoded(String escaped) {
        return escaped.replace("\\n", "\n");
    }

    private static List<String> events(String name, String section) {
        return section.isEmpty() ? List.of() : List.of(section.split(name.equals("ollama") ? "\n" : "\n\n"));
    }

    private static String[] sections(String name) {
        String all = resource(name + ".txt");
        String[] shapes = new String[4];
        String[] titles = {"whole", "start", "piece", "end"};
        for (int i = 0; i < titles.length; i++) {
            String title = "=== " + titles[i] + "\n";
            int from = all.indexOf(title) + title.length();
            int to = i + 1 < titles.length ? all.indexOf("=== " + titles[i + 1]) : all.length();
            shapes[i] = all.substring(from, to).strip();
        }
        return shapes;
    }

    private static String resource(String file) {
        try (InputStream in = WireSample.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "wire has no resource %s, expected one", file));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
