package dev.architect.job.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.export.ExportForm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How many pages a chunk of rows has, and where it ends. */
final class PagedRowsTest {

    private static final int PAGE = 2;
    private static final int CHUNK = 20;

    /** The numbers from 1 on. */
    private static final class Numbers extends PagedRows<Integer> {

        private final int last;
        private final int end;

        private Numbers(int last, int end) {
            super(ExportForm.CSV, List.of("number"), PAGE);
            this.last = last;
            this.end = end;
        }

        @Override
        List<Integer> page(Optional<String> after) {
            int first = after.map(Integer::valueOf).orElse(0) + 1;
            return IntStream.rangeClosed(first, Math.min(last, first + PAGE - 1))
                    .boxed()
                    .toList();
        }

        @Override
        String cursor(Integer entry) {
            return entry.toString();
        }

        @Override
        boolean isBeyondEnd(Integer entry) {
            return entry >= end;
        }

        @Override
        List<@Nullable Object> values(Integer entry) {
            return List.of(entry);
        }
    }

    private static String text(int from, int to) {
        StringBuilder text = new StringBuilder();
        IntStream.rangeClosed(from, to).forEach(number -> text.append(number).append("\r\n"));
        return text.toString();
    }

    private static List<RowSource.Chunk> chunks(PagedRows<?> rows, StringBuilder out) throws IOException {
        List<RowSource.Chunk> chunks = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            RowSource.Chunk chunk = rows.write(cursor, out);
            chunks.add(chunk);
            cursor = chunk.next();
        } while (cursor.isPresent());
        return chunks;
    }

    @Test
    void chunksFollowEachOtherWithoutARowTwiceOrMissing() throws IOException {
        StringBuilder out = new StringBuilder();

        List<RowSource.Chunk> chunks = chunks(new Numbers(CHUNK + 3, Integer.MAX_VALUE), out);

        assertThat(chunks)
                .containsExactly(
                        new RowSource.Chunk(CHUNK, Optional.of("20")), new RowSource.Chunk(3, Optional.empty()));
        assertThat(out).hasToString("number\r\n" + text(1, CHUNK + 3));
    }

    @Test
    void chunkThatEndsWithTheLastRowIsFollowedByAnEmptyOne() throws IOException {
        List<RowSource.Chunk> chunks = chunks(new Numbers(CHUNK, Integer.MAX_VALUE), new StringBuilder());

        assertThat(chunks).extracting(RowSource.Chunk::rows).containsExactly((long) CHUNK, 0L);
    }

    @Test
    void rowsEndBeforeTheFirstEntryBeyondTheEnd() throws IOException {
        StringBuilder out = new StringBuilder();

        List<RowSource.Chunk> chunks = chunks(new Numbers(CHUNK, 4), out);

        assertThat(chunks).containsExactly(new RowSource.Chunk(3, Optional.empty()));
        assertThat(out).hasToString("number\r\n" + text(1, 3));
    }

    @Test
    void noEntryLeavesTheNamesOfTheColumns() throws IOException {
        StringBuilder out = new StringBuilder();

        List<RowSource.Chunk> chunks = chunks(new Numbers(0, Integer.MAX_VALUE), out);

        assertThat(chunks).containsExactly(new RowSource.Chunk(0, Optional.empty()));
        assertThat(out).hasToString("number\r\n");
    }
}
