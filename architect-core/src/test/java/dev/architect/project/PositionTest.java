package dev.architect.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PositionTest {

    @Test
    void liesBeforeAfterAndBetween() {
        Position first = Position.first();

        assertThat(first.before()).isLessThan(first);
        assertThat(first.after()).isGreaterThan(first);
        assertThat(new Position("1").before()).isLessThan(new Position("1"));
        assertThat(new Position("01").before()).isLessThan(new Position("01"));
        assertThat(new Position("zz").after()).isGreaterThan(new Position("zz"));
        assertThat(new Position("A").between(new Position("B"))).isEqualTo(new Position("AV"));
        assertThat(new Position("A").between(new Position("A1"))).isBetween(new Position("A"), new Position("A1"));
        assertThatThrownBy(() -> first.between(first))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected one after 'V'");
    }

    @Test
    void alwaysHasRoomForOneMore() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<Position> order = new ArrayList<>(List.of(Position.first()));
            for (int i = 0; i < 300; i++) {
                int place = random.nextInt(order.size() + 1);
                Position next = place == 0
                        ? order.get(0).before()
                        : place == order.size()
                                ? order.get(place - 1).after()
                                : order.get(place - 1).between(order.get(place));
                order.add(place, next);
            }
            assertThat(order).as("seed " + seed).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void spreadsEvenlyAndShort() {
        for (int count : new int[] {1, 2, 61, 62, 5_000}) {
            List<Position> places = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                places.add(Position.spread(i, count));
            }
            assertThat(places).isSorted().doesNotHaveDuplicates();
            assertThat(Collections.max(
                                    places,
                                    (a, b) -> a.text().length() - b.text().length())
                            .text())
                    .hasSizeLessThanOrEqualTo(4);
        }
    }

    @Test
    void refusesOtherTexts() {
        for (String wrong : new String[] {"", "a b", "a-", "10", "ä"}) {
            assertThatThrownBy(() -> new Position(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected");
        }
    }
}
