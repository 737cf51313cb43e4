package dev.architect.testkit.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.shard.ShardNotServedException;
import dev.architect.shard.ShardPhase;
import dev.architect.shard.ShardPlace;
import dev.architect.shard.ShardStore;
import dev.architect.shard.StaleShardException;
import dev.architect.shard.TakenTasks;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Groups of stores, and who is refused. */
abstract class ShardGroupCases extends ShardCases {

    ShardGroupCases(ShardContract contract) {
        super(contract);
    }

    @Test
    void servesEverythingOutsideOfAGroup() {
        assertThat(shards(first()).number()).isEmpty();
        assertThat(shards(first()).places()).isEmpty();

        TaskId id = submit();

        assertThat(id.store()).isZero();
        assertThat(claim()).hasSize(1);
        assertThatThrownBy(() -> shards(first()).set(SHARD, 1, ShardPhase.LEAVING))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void joinsOnceUnderOneNumber() {
        form();
        shards(second()).join(1, false);

        assertThat(shards(second()).number()).isEqualTo(OptionalInt.of(1));
        assertThat(shards(second()).places())
                .hasSize(ShardStore.SHARDS)
                .allSatisfy(place -> assertThat(place.phase()).isEqualTo(ShardPhase.GONE));
        assertThat(shards(first()).places()).allSatisfy(place -> {
            assertThat(place.phase()).isEqualTo(ShardPhase.SERVED);
            assertThat(place.epoch()).isEqualTo(1);
        });
        assertThatThrownBy(() -> shards(second()).join(2, false)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> shards(second()).join(1_024, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> shards(second()).join(-1, false)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Ids of two stores that have worked apart may be the same. */
    @Test
    void takesAStoreWithTasksAsTheFirstOneOnly() {
        submit(second(), request(MOVING));

        assertThatThrownBy(() -> shards(second()).join(1, false)).isInstanceOf(IllegalStateException.class);

        assertThat(shards(second()).number()).isEmpty();
        shards(second()).join(0, true);
        assertThat(submit(second(), request(MOVING)).store()).isZero();
    }

    @Test
    void refusesSubmissionsOfShardsThatItDoesNotServe() {
        // Before it joins, so that the store believes to know its number.
        submit(first(), request(MOVING));
        form();

        assertThatThrownBy(() -> submit(second(), request(MOVING)))
                .isInstanceOfSatisfying(ShardNotServedException.class, refused -> {
                    assertThat(refused.shard()).isEqualTo(SHARD);
                    assertThat(refused.epoch()).isEqualTo(1);
                    assertThat(refused.isTransient()).isTrue();
                });
        assertThatThrownBy(() -> second().tasks()
                        .submitOnce(List.of(TaskSubmission.of(request(MOVING), new IdempotencyKey("key-1")))))
                .isInstanceOf(ShardNotServedException.class);
        assertThatThrownBy(() -> second().tasks()
                        .submit(IntStream.range(0, 300)
                                .mapToObj(i -> request(MOVING))
                                .toList()))
                .isInstanceOf(ShardNotServedException.class);
        assertThat(second().tasks().counts()).isEmpty();
    }

    @Test
    void acceptsAllOfASubmissionOrNothing() {
        form();
        begin(MOVE);

        assertThatThrownBy(() -> first().tasks().submit(List.of(request(STAYING), request(MOVING))))
                .isInstanceOf(ShardNotServedException.class);

        assertThat(first().tasks().counts()).isEmpty();
        assertThat(submit(first(), request(STAYING)).shard()).isEqualTo(STAYING.shard());
    }

    @Test
    void givesIdsItsNumber() {
        form();
        move(first(), second(), MOVE);

        assertThat(submit(second(), request(MOVING)).store()).isEqualTo(1);
        assertThat(submit(first(), request(STAYING)).store()).isZero();
    }

    @Test
    void refusesStepsOfAMoveThatIsOver() {
        form();
        move(first(), second(), MOVE);
        move(second(), first(), MOVE + 1);
        ShardStore before = shards(first());

        for (ShardPhase phase : ShardPhase.values()) {
            assertThatThrownBy(() -> before.set(SHARD, MOVE, phase)).isInstanceOf(StaleShardException.class);
        }
        assertThatThrownBy(() -> before.take(SHARD, MOVE, TakenTasks.ENDED, Optional.empty(), 1))
                .isInstanceOfSatisfying(
                        StaleShardException.class,
                        stale -> assertThat(stale.epoch()).isEqualTo(MOVE + 1));
        assertThatThrownBy(() -> before.add(SHARD, MOVE, List.of())).isInstanceOf(StaleShardException.class);
        assertThatThrownBy(() -> before.addKeys(SHARD, MOVE, List.of())).isInstanceOf(StaleShardException.class);
        assertThatThrownBy(() -> before.giveBack(SHARD, MOVE, Optional.empty(), 1))
                .isInstanceOf(StaleShardException.class);
        assertThatThrownBy(() -> before.clear(SHARD, MOVE, Optional.empty(), 1))
                .isInstanceOf(StaleShardException.class);
        assertThat(before.places().get(SHARD)).isEqualTo(new ShardPlace(SHARD, MOVE + 1, ShardPhase.SERVED));
    }

    /** One who was paused in an earlier step must not open again what another one has closed. */
    @Test
    void neverOpensAgainWithinOneEpoch() {
        form();
        begin(MOVE);

        assertThatThrownBy(() -> shards(first()).set(SHARD, MOVE, ShardPhase.SERVED))
                .isInstanceOf(StaleShardException.class);
        assertThatThrownBy(() -> shards(first()).set(SHARD, MOVE, ShardPhase.ARRIVING))
                .isInstanceOf(StaleShardException.class);
        assertThatThrownBy(() -> shards(first()).set(STAYING.shard(), MOVE, ShardPhase.GONE))
                .isInstanceOf(StaleShardException.class);
        assertThatThrownBy(() -> shards(first()).set(256, MOVE, ShardPhase.GONE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
