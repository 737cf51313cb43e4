package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.node.ClusterStore;
import dev.architect.node.NodeMessage;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.Store.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Messages that nodes pass through the store. */
public abstract class StoreMessageCases extends StoreFixture {

    /** Creates the cases for one store. */
    protected StoreMessageCases(StoreHandles handles) {
        super(handles);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> texts(List<NodeMessage> messages) {
        return messages.stream()
                .map(message -> new String(message.content(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> read(ClusterStore cluster, String member) {
        return texts(cluster.messages(member, 0, ClusterStore.MAX_MESSAGES));
    }

    @Test
    void deliversToAllOthersOrToOne() throws Exception {
        cluster().post("a", "", bytes("to all"));
        second().cluster().post("b", "c", bytes("to c"));
        cluster().post("c", "", bytes("from c"));
        cluster().post("a", "a", bytes("to itself"));

        assertThat(read(second().cluster(), "a")).containsExactly("from c");
        assertThat(read(cluster(), "b")).containsExactly("to all", "from c");
        assertThat(read(second().cluster(), "c")).containsExactly("to all", "to c");
        assertThat(read(cluster(), "new")).containsExactly("to all", "from c");
    }

    @Test
    void readsOnFromANumber() throws Exception {
        assertThat(cluster().lastMessage()).isZero();
        for (int i = 0; i < 5; i++) {
            cluster().post("a", "", bytes("m" + i));
        }
        long last = second().cluster().lastMessage();

        List<NodeMessage> first = cluster().messages("b", 0, 2);
        assertThat(texts(first)).containsExactly("m0", "m1");
        assertThat(first).extracting(NodeMessage::from).containsOnly("a");
        assertThat(first).extracting(NodeMessage::to).containsOnly("");
        List<NodeMessage> rest = cluster().messages("b", first.get(1).number(), 10);
        assertThat(texts(rest)).containsExactly("m2", "m3", "m4");
        assertThat(rest.get(2).number()).isEqualTo(last);
        assertThat(cluster().messages("b", last, 10)).isEmpty();
        assertThat(cluster().messages("b", Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void keepsEveryContentAsItIs() throws Exception {
        byte[] longest = new byte[NodeMessage.MAX_BYTES];
        new Random(1).nextBytes(longest);
        byte[] changed = bytes("before");

        cluster().post("a", "", new byte[0]);
        cluster().post("a", "", longest);
        cluster().post(ODD, ODD + 1, bytes("odd"));
        cluster().post("a", "", changed);
        changed[0] = 0;

        List<NodeMessage> read = second().cluster().messages("b", 0, 10);
        assertThat(read.get(0).content()).isEmpty();
        assertThat(read.get(1).content()).isEqualTo(longest);
        assertThat(texts(read.subList(2, 3))).containsExactly("before");
        // What a reader does with its copy is its own matter.
        read.get(1).content()[0]++;
        assertThat(cluster().messages("b", 0, 10).get(1).content()).isEqualTo(longest);
        List<NodeMessage> odd = second().cluster().messages(ODD + 1, read.get(1).number(), 1);
        assertThat(odd).singleElement().satisfies(message -> {
            assertThat(message.from()).isEqualTo(ODD);
            assertThat(message.to()).isEqualTo(ODD + 1);
        });
    }

    @Test
    void refusesWhatIsTooLongOrFromNobody() {
        assertThatThrownBy(() -> cluster().post("a", "", new byte[NodeMessage.MAX_BYTES + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cluster().post(" ", "", new byte[1])).isInstanceOf(IllegalArgumentException.class);
        for (int limit : List.of(0, -1, ClusterStore.MAX_MESSAGES + 1)) {
            assertThatThrownBy(() -> cluster().messages("a", 0, limit)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(read(cluster(), "b")).isEmpty();
    }

    @Test
    void keepsMessagesForAMinuteAndNeverCountsBack() throws Exception {
        cluster().post("a", "", bytes("first"));
        time.advance(ClusterStore.MESSAGES_KEPT.minusMillis(1));
        for (int i = 0; i < 200; i++) {
            cluster().post("a", "other", bytes("m"));
        }
        assertThat(read(second().cluster(), "b")).containsExactly("first");
        long before = cluster().lastMessage();

        time.advance(Duration.ofHours(1));
        for (int i = 0; i < 200; i++) {
            second().cluster().post("a", "other", bytes("m"));
        }

        assertThat(cluster().lastMessage()).isEqualTo(before + 200);
        assertThat(cluster().messages("other", before, 1_000)).hasSize(200);
    }

    @Test
    void losesNoneOfManySenders() throws Exception {
        onBothHandles((handle, number) -> {
            for (int i = 0; i < 10; i++) {
                handle.cluster().post("member-" + number, "", bytes(number + "-" + i));
            }
        });

        List<NodeMessage> read = second().cluster().messages("reader", 0, ClusterStore.MAX_MESSAGES);
        assertThat(texts(read)).hasSize(160).doesNotHaveDuplicates();
        assertThat(read)
                .extracting(NodeMessage::number)
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(number -> number > 0);
        assertThat(cluster().lastMessage()).isEqualTo(read.get(159).number());
    }

    @Test
    void tellsOfAMessageThatWasPostedElsewhere() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (Subscription subscription = second().subscribe(change -> {
            if (change.kinds().contains(ChangeKind.CLUSTER)) {
                told.countDown();
            }
        })) {
            cluster().post("a", "", bytes("m"));

            assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(read(second().cluster(), "b")).containsExactly("m");
            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void aClosedStoreRefusesCallsAboutMessages() {
        store().close();

        assertClosed(() -> cluster().post("a", "", new byte[1]));
        assertClosed(() -> cluster().lastMessage());
        assertClosed(() -> cluster().messages("a", 0, 1));
    }
}
