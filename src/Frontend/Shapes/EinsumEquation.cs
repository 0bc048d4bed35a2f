using PrivateInference.IR;

namespace PrivateInference.Frontend.Shapes;

/// <summary>
/// An Einstein summation with its axes labelled by numbers: letters by their code, the axes of an ellipsis by −1 (the
/// last) and below, so that they align at the right.
/// </summary>
internal sealed record EinsumEquation(int[][] Inputs, int[] Output)
{
    /// <param name="text">For example <c>bij, bjk -> bik</c>; without an arrow the labels that occur once, in order.</param>
    /// <param name="ranks">The rank of each operand.</param>
    /// <exception cref="GraphException">The equation has no meaning for these ranks.</exception>
    public static EinsumEquation Parse(string text, int[] ranks)
    {
        string[] sides = text.Replace(" ", "", StringComparison.Ordinal).Replace("...", ".", StringComparison.Ordinal).Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != ranks.Length)
            throw new GraphException($"The equation '{text}' does not fit {ranks.Length} operands.");
        int[][] inputs = [.. terms.Select((term, i) => Labels(term, ranks[i] - (term.Length - 1)))];
        int ellipsis = -inputs.SelectMany(labels => labels).Append(0).Min();
        int[] output = sides.Length == 2 ? Labels(sides[1], ellipsis) : Implied(inputs, ellipsis);
        bool fits = inputs.Select(labels => labels.Length).SequenceEqual(ranks)
            && output.Distinct().Count() == output.Length && !output.Except(inputs.SelectMany(labels => labels)).Any();
        return fits ? new EinsumEquation(inputs, output) : throw new GraphException($"The equation '{text}' has no meaning for operands of ranks [{string.Join(", ", ranks)}].");
    }

    /// <param name="term">Letters, with a dot for the ellipsis.</param>
    /// <param name="ellipsis">How many axes the ellipsis stands for.</param>
    private static int[] Labels(string term, int ellipsis)
    {
        bool isTerm = term.All(c => char.IsAsciiLetter(c) || c == '.') && term.Count(c => c == '.') <= 1;
        if (!isTerm || (ellipsis < 0 && term.Contains('.', StringComparison.Ordinal)))
            throw new GraphException($"The term '{term}' of an equation has no meaning.");
        return [.. term.SelectMany(c => c == '.' ? Enumerable.Range(-ellipsis, ellipsis) : [c])];
    }

    private static int[] Implied(int[][] inputs, int ellipsis)
    {
        IEnumerable<int> once = inputs.SelectMany(l => l).Where(l => l > 0).GroupBy(l => l).Where(g => g.Count() == 1).Select(g => g.Key);
        return [.. Enumerable.Range(-ellipsis, ellipsis), .. once.Order()];
    }
}
