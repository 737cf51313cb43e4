package dev.architect.view;

import dev.architect.check.Check;
import dev.architect.document.DocumentChange;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.project.Actor;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Revision;
import dev.architect.project.StaleVersionException;
import dev.architect.spi.TimeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Views of pages that people have saved. Each belongs to who saved it, who alone changes it; others see those that are shared. They are kept among
 * the documents that all nodes share, one for each owner. Methods block for the store; safe for use by several threads.
 */
public final class PageViews {

    /** The most views of one owner. */
    public static final int MAX_VIEWS = 50;

    private static final String PREFIX = "architect.views.";
    private static final int MAX_TRIES = 20;
    private static final int ID_RADIX = 36;

    private static final Comparator<PageView> BY_NAME = Comparator.comparing(
                    (PageView view) -> view.draft().name(), String.CASE_INSENSITIVE_ORDER)
            .thenComparing(PageView::id);

    private final ClusterStore store;
    private final TimeSource time;

    /** Creates the views in the documents of {@code store}. */
    public PageViews(ClusterStore store, TimeSource time) {
        this.store = Check.notNull("store", store);
        this.time = Check.notNull("time", time);
    }

    /** Returns the views of a page that somebody may see, by name: their own ones and those that others share. */
    public List<PageView> list(String page, Actor viewer) {
        PageView.requirePage(page);
        Check.notNull("viewer", viewer);
        return all().filter(view -> view.page().equals(page) && isVisible(view, viewer))
                .sorted(BY_NAME)
                .toList();
    }

    private Stream<PageView> all() {
        return store.documents(PREFIX).stream().flatMap(document -> PageViewCodec.read(document.text()).stream());
    }

    private static boolean isVisible(PageView view, Actor viewer) {
        return view.draft().isShared() || isOwn(view, viewer);
    }

    private static boolean isOwn(PageView view, Actor viewer) {
        return view.revision().createdBy().equals(viewer);
    }

    /**
     * Returns a view.
     *
     * @throws PlanningException when there is none with that id that the viewer may see
     */
    public PageView get(String id, Actor viewer) {
        Check.notNull("id", id);
        Check.notNull("viewer", viewer);
        return all().filter(view -> view.id().equals(id) && isVisible(view, viewer))
                .findFirst()
                .orElseThrow(() -> missing(id));
    }

    private static PlanningException missing(String id) {
        String shown = id.length() > 80 ? id.substring(0, 80) + "…" : id;
        return PlanningException.notFound("there is no view '" + shown + "', expected the id of one");
    }

    /** Returns the view that {@link #add} would save. Nothing is changed yet. */
    public PageView prepare(String page, PageViewDraft draft, Actor by) {
        PageView.requirePage(page);
        Check.notNull("draft", draft);
        Check.notNull("by", by);
        return new PageView(
                Long.toString(time.random(Long.MAX_VALUE), ID_RADIX), page, draft, Revision.first(time.wallTime(), by));
    }

    /**
     * Saves a view that was prepared.
     *
     * @return the same view
     * @throws PlanningException when its owner has one of that name for that page, or {@value #MAX_VIEWS} views
     */
    public PageView add(PageView prepared) {
        Check.notNull("prepared", prepared);
        change(prepared.revision().createdBy(), views -> {
            if (views.size() >= MAX_VIEWS) {
                throw new PlanningException(
                        Kind.TOO_MANY, "", "you have saved " + MAX_VIEWS + " views, expected fewer: delete one first");
            }
            requireFree(views, prepared);
            views.add(prepared);
            return prepared;
        });
        return prepared;
    }

    private static void requireFree(List<PageView> views, PageView wanted) {
        for (PageView other : views) {
            if (!other.id().equals(wanted.id())
                    && other.page().equals(wanted.page())
                    && other.draft().name().equalsIgnoreCase(wanted.draft().name())) {
                throw new PlanningException(
                        Kind.TAKEN,
                        "name",
                        "name is '" + wanted.draft().name()
                                + "', which another view of yours has; expected a free one");
            }
        }
    }

    /** Whether a document that a store has written has this view. */
    public static boolean holds(SharedDocument document, PageView view) {
        Check.notNull("document", document);
        Check.notNull("view", view);
        return document.name().equals(place(view.revision().createdBy()))
                && PageViewCodec.read(document.text()).contains(view);
    }

    /**
     * Changes a view, which its owner alone may do.
     *
     * @param version the version that the change was made from
     * @throws PlanningException when there is none that the editor may see, it is another's, or the name is taken
     * @throws StaleVersionException when it has another version; nothing has changed
     */
    public PageView edit(String id, long version, PageViewDraft draft, Actor by) {
        Check.notNull("id", id);
        Check.notNull("draft", draft);
        requireOwn(id, by);
        return change(by, views -> {
            int place = place(views, id, version, draft);
            PageView before = views.get(place);
            PageView after =
                    new PageView(id, before.page(), draft, before.revision().next(time.wallTime(), by));
            requireFree(views, after);
            views.set(place, after);
            return after;
        });
    }

    /**
     * Deletes a view, which its owner alone may do.
     *
     * @param version the version that was seen
     * @throws PlanningException when there is none that the editor may see, or it is another's
     * @throws StaleVersionException when it has another version; nothing has changed
     */
    public void delete(String id, long version, Actor by) {
        requireOwn(id, by);
        change(by, views -> views.remove(place(views, id, version, null)));
    }

    private void requireOwn(String id, Actor by) {
        Check.notNull("id", id);
        Check.notNull("by", by);
        PageView view = get(id, by);
        if (!isOwn(view, by)) {
            throw new PlanningException(
                    Kind.NOT_POSSIBLE,
                    "",
                    "view '" + view.draft().name() + "' is of "
                            + view.revision().createdBy() + ", expected one of " + by);
        }
    }

    private static int place(List<PageView> views, String id, long version, @Nullable PageViewDraft wanted) {
        for (int i = 0; i < views.size(); i++) {
            PageView view = views.get(i);
            if (view.id().equals(id)) {
                if (view.revision().version() != version) {
                    throw new StaleVersionException(
                            "view '" + view.draft().name() + "'", version, view, differing(view.draft(), wanted));
                }
                return i;
            }
        }
        throw missing(id);
    }

    private static Set<String> differing(PageViewDraft now, @Nullable PageViewDraft wanted) {
        Set<String> names = new TreeSet<>();
        if (wanted != null) {
            if (!now.name().equals(wanted.name())) {
                names.add("name");
            }
            if (!now.query().equals(wanted.query())) {
                names.add("query");
            }
            if (now.isShared() != wanted.isShared()) {
                names.add("shared");
            }
        }
        return names;
    }

    private <T> T change(Actor owner, Function<List<PageView>, T> change) {
        return DocumentChange.apply(store, place(owner), MAX_TRIES, document -> {
            List<PageView> views = new ArrayList<>(
                    document.map(text -> PageViewCodec.read(text.text())).orElse(List.of()));
            T result = change.apply(views);
            return DocumentChange.to(PageViewCodec.write(views), result);
        });
    }

    private static String place(Actor owner) {
        return PREFIX + owner;
    }
}
