using System.Collections.Immutable;
using System.Globalization;
using System.IO.Enumeration;
using PrivateInference.IR;

namespace PrivateInference.Passes;

/// <summary>
/// Which of the layers that a pass applies to it is to rewrite. Items joined by '+': the name of a node; a pattern in which
/// * and ? stand for any characters; an index in graph order from 0, from the end where negative; a range of indices
/// such as 0..3, its end included.
/// </summary>
public sealed class LayerSelection
{
    private readonly ImmutableArray<string> _items;

    private LayerSelection(ImmutableArray<string> items, bool isGiven)
    {
        _items = items;
        IsGiven = isGiven;
    }

    /// <summary>Whether the user gave a selection, be it of all layers; else it is the pass's default.</summary>
    public bool IsGiven { get; }

    /// <summary>The parameter by which passes take a selection.</summary>
    public static PassParameter Parameter { get; } = new(
        "layers", "Layers to rewrite, joined by '+': names, patterns such as conv*, indices from 0 or from -1 backwards, ranges such as 0..3.", "*");

    /// <exception cref="PassException">An item is empty.</exception>
    public static LayerSelection Parse(string text, bool isGiven = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        ImmutableArray<string> items = [.. text.Split('+').Select(i => i.Trim())];
        return items.Any(i => i.Length == 0) ? throw new PassException($"'{text}' selects no layer between two '+'.") : new LayerSelection(items, isGiven);
    }

    /// <summary>The selected ones of the layers that a pass applies to, in their order.</summary>
    /// <exception cref="PassException">An item selects none; the message lists what there is.</exception>
    public ImmutableArray<Node> Of(IReadOnlyList<Node> candidates)
    {
        HashSet<int> selected = [];
        foreach (string item in _items)
        {
            int[] matches = [.. Enumerable.Range(0, candidates.Count).Where(i => Matches(item, i, candidates))];
            if (matches.Length == 0 && item != "*")
                throw new PassException($"No layer is '{item}'. {Known(candidates)}");
            selected.UnionWith(matches);
        }

        return [.. selected.Order().Select(i => candidates[i])];
    }

    private static bool Matches(string item, int index, IReadOnlyList<Node> candidates)
    {
        if (item == candidates[index].Name)
            return true;
        string[] ends = item.Split("..");
        if (Index(ends[0], candidates.Count) is { } first && Index(ends[^1], candidates.Count) is { } last && ends.Length <= 2)
            return index >= first && index <= last;
        return FileSystemName.MatchesSimpleExpression(item, candidates[index].Name, ignoreCase: false);
    }

    private static int? Index(string text, int count)
        => !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index) ? null : index < 0 ? index + count : index;

    internal static string Known(IReadOnlyList<Node> candidates) => candidates.Count == 0
        ? "The pass applies to none of this model."
        : $"The pass applies to: {string.Join(", ", candidates.Select((n, i) => string.Create(CultureInfo.InvariantCulture, $"{i} {n.Name}")))}.";
}
