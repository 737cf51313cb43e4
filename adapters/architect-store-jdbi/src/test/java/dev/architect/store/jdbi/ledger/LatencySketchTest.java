package dev.architect.store.jdbi.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LatencySketchTest {

    private static final int PARTS = 40;
    private static final int MOST_OF_A_PART = 500;

    private final Random random = new Random(1);

    private static LatencySketch of(List<Long> micros) {
        LatencySketch sketch = new LatencySketch();
        micros.forEach(sketch::add);
        return sketch;
    }

    private List<List<Long>> parts() {
        List<List<Long>> parts = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            List<Long> part = new ArrayList<>();
            for (int n = random.nextInt(MOST_OF_A_PART); n > 0; n--) {
                // Of all sizes, from microseconds to days.
                part.add((long) Math.pow(10, random.nextDouble() * 11));
            }
            parts.add(part);
        }
        return parts;
    }

    @Test
    void partsInAnyOrderAddUpToWhatAllTogetherAre() {
        List<List<Long>> parts = parts();
        LatencySketch all = of(parts.stream().flatMap(List::stream).toList());

        for (int round = 0; round < 5; round++) {
            Collections.shuffle(parts, random);
            LatencySketch sum = new LatencySketch();
            parts.forEach(part -> sum.add(of(part).bytes()));
            assertThat(sum.bytes()).isEqualTo(all.bytes());
            assertThat(sum.percentile(50)).isEqualTo(all.percentile(50));
            assertThat(sum.percentile(95)).isEqualTo(all.percentile(95));
        }
    }

    @Test
    void percentilesAreTheNearestRankInThreeDigits() {
        List<Long> micros =
                new ArrayList<>(parts().stream().flatMap(List::stream).toList());
        LatencySketch sketch = of(micros);
        Collections.sort(micros);

        for (int percent : List.of(1, 50, 95, 100)) {
            long exact = micros.get((int) Math.ceil(micros.size() * percent / 100.0) - 1);
            Duration shown = sketch.percentile(percent);
            assertThat(shown.toNanos() / 1_000L).isBetween(exact - exact / 100, exact);
        }
    }

    @Test
    void nothingHasNoDuration() {
        LatencySketch empty = new LatencySketch();
        empty.add((byte[]) null);
        empty.add(new byte[0]);

        assertThat(empty.isEmpty()).isTrue();
        assertThat(empty.percentile(95)).isEqualTo(Duration.ZERO);
    }
}
