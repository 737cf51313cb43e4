package dev.architect.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectIdTest {

    @Test
    void hasADefault() {
        assertThat(ProjectId.DEFAULT).hasToString("default");
    }

    @Test
    void refusesNamesThatAreNotShortNames() {
        assertThatThrownBy(() -> new ProjectId("Apollo 11"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("project is 'Apollo 11', expected 1 to 63 lower-case letters");
    }

    @Test
    void putsEqualNamesOnEqualShards() {
        assertThat(new ProjectId("apollo").shard())
                .isEqualTo(new ProjectId("apollo").shard())
                .isBetween(0, 255);
    }

    /** Ids of stored tasks hold the shard: another formula would lose them. */
    @ParameterizedTest
    @CsvSource({
        "default, 141",
        "apollo, 64",
        "gemini, 181",
        "a, 31",
        "zzz, 100",
        "0, 210",
        "project-1, 109",
        "project-2, 231"
    })
    void keepsTheShardOfEveryVersion(String name, int shard) {
        assertThat(new ProjectId(name).shard()).isEqualTo(shard);
    }

    @Test
    void spreadsSimilarNamesOverAllShards() {
        int names = 25_600;
        int[] counts = new int[256];
        for (int i = 0; i < names; i++) {
            counts[new ProjectId("customer-" + i).shard()]++;
        }

        // A hundred for each; with chance alone, the fewest would be about 72 and the most about 131.
        assertThat(Arrays.stream(counts).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(50, 170));
    }
}
