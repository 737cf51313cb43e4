package dev.architect.provider.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.provider.http.message.BadReplyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EventReadersTest {

    private static final int PLENTY = 1 << 20;

    @Test
    void readsEveryLineEndHoweverTheBytesAreSplit() throws IOException {
        String text = "eins\r\nzwei\ndrei\r\rfünf 😀\r\n\r\n\nletzte";
        List<String> expected = List.of("eins", "zwei", "drei", "", "fünf 😀", "", "", "letzte");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 500; round++) {
            assertThat(lines(new Trickle(bytes, random, 1 + round % 9))).isEqualTo(expected);
        }
    }

    @Test
    void givesALineOutBeforeTheNextByteArrives() throws IOException {
        LineReader lines = new LineReader(
                new Trickle("one\rX".getBytes(StandardCharsets.UTF_8), new SplittableRandom(1), 1) {
                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        int count = super.read(bytes, offset, length);
                        if (count > 0 && bytes[offset] == 'X') {
                            throw new IllegalStateException("read beyond the end of the line");
                        }
                        return count;
                    }
                },
                PLENTY);

        assertThat(lines.next()).isEqualTo("one");
    }

    @Test
    void readsEventsAsTheStandardDefinesThem() throws IOException {
        String text = "\uFEFF: a comment\n"
                + "event: greeting\ndata: first\ndata:second\ndata:  third \nid: 4\nretry: 10\nunknown: x\n\n"
                + "event: without data\n\n"
                + "data\n\n"
                + ":\n\n"
                + "data: {\"a\": \"b: c\"}   \n\n"
                + "data: unfinished";

        assertThat(events(text))
                .containsExactly(
                        new RawEvent("greeting", "first\nsecond\n third "),
                        new RawEvent("message", ""),
                        new RawEvent("message", "{\"a\": \"b: c\"}   "),
                        new RawEvent("message", "unfinished"));
    }

    @Test
    void readsTheSameEventsWithEveryLineEndAndEverySplit() throws IOException {
        String text = "event: a\ndata: 1\ndata: zwölf\n\ndata: 2\n\n: ping\n\ndata: 3\n\n";
        List<RawEvent> expected = events(text);
        SplittableRandom random = new SplittableRandom(11);
        for (String end : List.of("\n", "\r\n", "\r")) {
            byte[] bytes = text.replace("\n", end).getBytes(StandardCharsets.UTF_8);
            for (int round = 0; round < 200; round++) {
                assertThat(events(new Trickle(bytes, random, 1 + round % 5))).isEqualTo(expected);
            }
        }
    }

    @Test
    void readsJsonLines() throws IOException {
        NdjsonReader events = new NdjsonReader(
                new LineReader(new Trickle("{\"a\":1}\n\n \r\n{\"b\":2}".getBytes(StandardCharsets.UTF_8)), PLENTY));

        assertThat(events.next()).isEqualTo(new RawEvent("message", "{\"a\":1}"));
        assertThat(events.next()).isEqualTo(new RawEvent("message", "{\"b\":2}"));
        assertThat(events.next()).isNull();
    }

    @Test
    void refusesALineThatIsTooLong() {
        LineReader lines = new LineReader(new Trickle("x".repeat(100_000).getBytes(StandardCharsets.UTF_8)), 1000);

        assertThatThrownBy(lines::next).isInstanceOf(BadReplyException.class).hasMessageContaining("1000 bytes");
    }

    @Test
    void refusesAnEventOfManyLinesThatIsTooLong() {
        String text = "data: 0123456789\n".repeat(200);
        SseReader events =
                new SseReader(new LineReader(new Trickle(text.getBytes(StandardCharsets.UTF_8)), PLENTY), 1000);

        assertThatThrownBy(events::next).isInstanceOf(BadReplyException.class).hasMessageContaining("1000 bytes");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        LineReader lines = new LineReader(new Trickle(new byte[] {'a', (byte) 0xC3, '(', '\n'}), PLENTY);

        assertThatThrownBy(lines::next).isInstanceOf(BadReplyException.class).hasMessageContaining("UTF-8");
    }

    private static List<String> lines(InputStream in) throws IOException {
        LineReader lines = new LineReader(in, PLENTY);
        List<String> all = new ArrayList<>();
        for (String line = lines.next(); line != null; line = lines.next()) {
            all.add(line);
        }
        return all;
    }

    private static List<RawEvent> events(String text) throws IOException {
        return events(new Trickle(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<RawEvent> events(InputStream in) throws IOException {
        SseReader events = new SseReader(new LineReader(in, PLENTY), PLENTY);
        List<RawEvent> all = new ArrayList<>();
        for (RawEvent event = events.next(); event != null; event = events.next()) {
            all.add(event);
        }
        return all;
    }

    /** Gives out a few bytes at a time. */
    private static class Trickle extends InputStream {
        private final byte[] bytes;
        private final SplittableRandom random;
        private final int most;
        private int position;

        Trickle(byte[] bytes) {
            this(bytes, new SplittableRandom(3), bytes.length);
        }

        Trickle(byte[] bytes, SplittableRandom random, int most) {
            this.bytes = bytes;
            this.random = random;
            this.most = most;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("one byte is not asked for");
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (position == bytes.length) {
                return -1;
            }
            int count = Math.min(Math.min(length, bytes.length - position), 1 + random.nextInt(most));
            System.arraycopy(bytes, position, target, offset, count);
            position += count;
            return count;
        }
    }
}
