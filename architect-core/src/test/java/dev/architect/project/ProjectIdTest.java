package dev.architect.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

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
}
