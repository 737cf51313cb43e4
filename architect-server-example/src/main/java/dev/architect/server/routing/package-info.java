/** What people change about routing over HTTP: policy, models and prices. */
@NullMarked
package dev.architect.server.routing;

import org.jspecify.annotations.NullMarked;
