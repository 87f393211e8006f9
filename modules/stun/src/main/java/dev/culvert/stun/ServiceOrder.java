package dev.culvert.stun;

import dev.culvert.sansio.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Orders SRV records: by priority, and within one by weighted chance (RFC 2782). */
final class ServiceOrder {
  private ServiceOrder() {}

  static List<Answer.Service> of(List<Answer.Service> services, RandomGenerator random) {
    TreeMap<Integer, List<Answer.Service>> byPriority =
        services.stream()
            .collect(
                Collectors.groupingBy(Answer.Service::priority, TreeMap::new, Collectors.toList()));
    List<Answer.Service> ordered = new ArrayList<>();
    byPriority.values().forEach(group -> ordered.addAll(draw(group, random)));
    return ordered;
  }

  private static List<Answer.Service> draw(List<Answer.Service> group, RandomGenerator random) {
    List<Answer.Service> rest = new ArrayList<>(group);
    // Weight 0 comes first in the running sum, so that it is drawn by a 0 alone.
    rest.sort(Comparator.comparing(service -> service.weight() != 0));
    List<Answer.Service> drawn = new ArrayList<>();
    while (!rest.isEmpty()) {
      long sum = rest.stream().mapToLong(ServiceOrder::weight).sum();
      long ticket = random.nextLong(sum + 1);
      int index = 0;
      long running = weight(rest.get(0));
      while (running < ticket) {
        index++;
        running += weight(rest.get(index));
      }
      drawn.add(rest.remove(index));
    }
    return drawn;
  }

  private static long weight(Answer.Service service) {
    return Math.max(0, service.weight());
  }
}
