package dev.architect.server.report;

import dev.architect.event.ActivityEntry;
import java.time.Instant;
import java.util.List;

/** Activities as an Atom feed (RFC 4287). */
final class ActivityFeed {

    static final String TYPE = "application/atom+xml; charset=utf-8";

    /** Names the log and its entries for all time, wherever they are read (RFC 4151). */
    private static final String TAG = "tag:architect.dev,2026:activity";

    private ActivityFeed() {}

    /** Returns a feed of entries, the newest first. */
    static String of(List<ActivityEntry> entries) {
        Instant updated = entries.isEmpty() ? Instant.EPOCH : entries.get(0).at();
        StringBuilder feed = new StringBuilder(1_000 + 500 * entries.size())
                .append(
                        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>")
                .append(TAG)
                .append("</id>\n<title>Activity</title>\n<author><name>Architect</name></author>\n<updated>")
                .append(updated)
                .append("</updated>\n<link rel=\"alternate\" type=\"text/html\" href=\"../activity\"/>\n");
        entries.forEach(entry -> add(entry, feed));
        return feed.append("</feed>\n").toString();
    }

    private static void add(ActivityEntry entry, StringBuilder feed) {
        feed.append("<entry>\n<id>")
                .append(TAG)
                .append(':')
                .append(entry.sequence())
                .append("</id>\n<title>");
        addText(entry.text(), feed);
        feed.append("</title>\n<updated>").append(entry.at()).append("</updated>\n<category term=\"");
        addText(entry.kind(), feed);
        feed.append("\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"../")
                .append(entry.task().map(task -> "tasks/" + task).orElse("activity"))
                .append("\"/>\n<content>");
        addText(entry.text(), feed);
        feed.append("</content>\n</entry>\n");
    }

    /** Adds a text, without the characters that XML 1.0 cannot hold in any way. */
    private static void addText(String text, StringBuilder feed) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> feed.append("&lt;");
                case '>' -> feed.append("&gt;");
                case '&' -> feed.append("&amp;");
                case '"' -> feed.append("&quot;");
                default -> feed.appendCodePoint(isOfXml(c) ? c : '\uFFFD');
            }
        });
    }

    private static boolean isOfXml(int c) {
        return c == '\t' || c == '\n' || (c >= ' ' && c < 0xD800) || (c > 0xDFFF && c != 0xFFFE && c != 0xFFFF);
    }
}
