/** Tasks that answer a chat request through the router: their JSON form and the worker that performs them. */
@NullMarked
package dev.architect.prompt;

import org.jspecify.annotations.NullMarked;
