package dev.architect.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.change.ChangePosition;
import dev.architect.server.access.Principal;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A client that is slow, or looks elsewhere, on manual time. */
final class LiveConnectionTest {

    private static final Duration HEARTBEAT = Duration.ofSeconds(20);

    private final ManualTime time = new ManualTime();
    private final List<LiveMessage> sent = new ArrayList<>();
    private final List<LiveSink.OnEnd> pending = new ArrayList<>();
    private final List<Integer> closed = new ArrayList<>();
    private int disconnects;
    private long sequence;

    private final LiveConnection connection = new LiveConnection(
            new LiveSink() {
                @Override
                public void send(LiveMessage message, OnEnd onEnd) {
                    sent.add(message);
                    pending.add(onEnd);
                }

                @Override
                public void close(int code, String reason, Runnable onClosed) {
                    closed.add(code);
                }

                @Override
                public void disconnect() {
                    disconnects++;
                }
            },
            Principal.operator(),
            time);
    private final LiveSubscription subscription = new LiveSubscription("s", true, Optional.empty());

    LiveConnectionTest() {
        subscription.snapshot(Map.of());
        connection.subscriptions().put(subscription, new LiveTopicState("s", new EmptyTopic(), time, true));
        drain();
        takeAll();
        sent.clear();
    }

    private void drain() {
        connection.bound();
        connection.drain(new ChangePosition("e", ++sequence), HEARTBEAT);
    }

    private void takeAll() {
        List<LiveSink.OnEnd> all = List.copyOf(pending);
        pending.clear();
        all.forEach(each -> each.ended(true));
    }

    private void change(String key, int value) {
        subscription.offer(key, Optional.of("{\"n\":" + value + "}"));
    }

    @Test
    void whatComesWhileAMessageIsOnItsWayCoalesces() {
        change("a", 1);
        drain();
        change("a", 2);
        change("b", 1);
        change("a", 3);
        drain();
        assertThat(sent).hasSize(1);

        takeAll();
        drain();

        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).json())
                .isEqualTo(
                        "{\"type\":\"change\",\"id\":\"s\",\"era\":\"e\",\"seq\":4,"
                                + "\"put\":[{\"key\":\"a\",\"item\":{\"n\":3}},{\"key\":\"b\",\"item\":{\"n\":1}}],\"gone\":[]}");
        assertThat(disconnects).isZero();
    }

    @Test
    void whatSeveralClientsFollowIsWrittenOnce() {
        LiveSubscription other = new LiveSubscription("s", true, Optional.empty());
        other.snapshot(Map.of());
        other.drain(new ChangePosition("e", 1), new ArrayList<>());
        LiveContent content = LiveContent.of(Map.of("a", "{\"n\":1}"));
        List<LiveMessage> first = new ArrayList<>();
        List<LiveMessage> second = new ArrayList<>();

        subscription.offer(content);
        other.offer(content);
        subscription.drain(new ChangePosition("e", 7), first);
        other.drain(new ChangePosition("e", 7), second);

        assertThat(first).hasSize(1);
        assertThat(second.get(0)).isSameAs(first.get(0));
        assertThat(first.get(0).json()).contains("\"seq\":7", "{\"key\":\"a\",\"item\":{\"n\":1}}");
    }

    @Test
    void aClientThatIsSlowerThanOthersGetsTheNewestOfSeveralRounds() {
        change("a", 1);
        drain();
        subscription.offer(LiveContent.of(Map.of("a", "{\"n\":2}")));
        subscription.offer(LiveContent.of(Map.of("a", "{\"n\":3}")));
        subscription.offer(new LiveContent(Map.of("b", Optional.empty())));
        assertThat(subscription.size()).isEqualTo(2);
        takeAll();
        drain();

        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).json()).contains("\"put\":[{\"key\":\"a\",\"item\":{\"n\":3}}],\"gone\":[\"b\"]");
    }

    @Test
    void aClientThatTakesNothingForTenSecondsIsClosed() {
        change("a", 1);
        drain();
        time.advance(Duration.ofSeconds(10));
        drain();
        assertThat(closed).isEmpty();

        time.advance(Duration.ofNanos(1));
        drain();

        assertThat(closed).containsExactly(4408);
        assertThat(disconnects).isEqualTo(1);
        assertThat(connection.isClosed()).isTrue();
    }

    @Test
    void aClientThatIsTooFarBehindGetsASnapshotInPlaceOfWhatWaits() {
        change("a", 1);
        drain();
        for (int i = 0; i <= LiveConnection.MAX_WAITING; i++) {
            change("k" + i, i);
        }
        drain();
        assertThat(subscription.size()).isZero();
        assertThat(subscription.isSnapshotDue()).isTrue();

        subscription.snapshot(Map.of("a", "{}"));
        takeAll();
        drain();

        assertThat(sent).extracting(LiveMessage::type).containsExactly("change", "gap", "snapshot");
    }

    @Test
    void whoFollowsManyFullTopicsGetsTheSnapshotsOfAll() {
        Map<String, String> full = new TreeMap<>();
        for (int i = 0; i < LiveTopic.MAX_ITEMS; i++) {
            full.put("k" + i, "{}");
        }
        int topics = 1 + LiveConnection.MAX_WAITING / LiveTopic.MAX_ITEMS;
        for (int i = 0; i < topics; i++) {
            LiveSubscription each = new LiveSubscription("t" + i, true, Optional.empty());
            each.snapshot(full);
            connection.subscriptions().put(each, new LiveTopicState("t" + i, new EmptyTopic(), time, true));
        }

        drain();

        assertThat(sent).extracting(LiveMessage::type).containsOnly("snapshot").hasSizeGreaterThanOrEqualTo(topics);
    }

    @Test
    void aHiddenPageIsToldOnceASecond() {
        connection.seen(true);
        change("a", 1);
        time.advance(Duration.ofMillis(900));
        drain();
        assertThat(sent).isEmpty();

        time.advance(Duration.ofMillis(100));
        drain();

        assertThat(sent).hasSize(1);
    }

    @Test
    void whoHasNothingToHearHearsThat() {
        time.advance(HEARTBEAT);
        drain();

        assertThat(sent).extracting(LiveMessage::type).containsExactly("heartbeat");
        assertThat(sent.get(0).json()).isEqualTo("{\"type\":\"heartbeat\",\"era\":\"e\",\"seq\":2}");
    }

    @Test
    void longSnapshotsComeInPartsOfWhichTheLastHasThePosition() {
        String wide = "\"" + "x".repeat(LiveMessage.MAX_CHARACTERS / 2) + "\"";
        subscription.snapshot(new TreeMap<>(Map.of("a", wide, "b", wide, "c", wide, "d", wide)));

        drain();

        assertThat(sent).extracting(LiveMessage::type).containsExactly("snapshot", "change");
        assertThat(sent.get(0).position()).isEmpty();
        assertThat(sent.get(0).json()).contains("\"more\":true").doesNotContain("\"seq\"");
        assertThat(sent.get(1).position()).isPresent();
    }

    @Test
    void aClientThatCannotBeReachedIsCut() {
        change("a", 1);
        drain();

        pending.get(0).ended(false);

        assertThat(disconnects).isEqualTo(1);
    }
}
