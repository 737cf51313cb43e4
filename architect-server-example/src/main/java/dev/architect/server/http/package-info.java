/** What stands between a request and its answer: routes, access, errors. */
@NullMarked
package dev.architect.server.http;

import org.jspecify.annotations.NullMarked;
