namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// Which elements share which decision. Only the decisions that an element is mapped to are numbered: 0, 1, … in the order
/// of their places in the deciding tensor.
/// </summary>
internal sealed class DecisionGroups
{
    private readonly int[] _places;
    private readonly int[] _decisionOf;
    private readonly int[] _starts;
    private readonly int[] _elements;

    /// <param name="groups">For each element the place of its decision.</param>
    /// <param name="places">How many places there are.</param>
    public DecisionGroups(ReadOnlySpan<int> groups, int places)
    {
        int[] numbers = new int[places];
        foreach (int place in groups)
            numbers[place] = 1;
        _places = [.. Enumerable.Range(0, places).Where(p => numbers[p] == 1)];
        for (int decision = 0; decision < _places.Length; decision++)
            numbers[_places[decision]] = decision;
        _decisionOf = new int[groups.Length];
        for (int i = 0; i < groups.Length; i++)
            _decisionOf[i] = numbers[groups[i]];
        (_starts, _elements) = Sort(_decisionOf, _places.Length);
    }

    /// <summary>So many elements, each with a decision of its own.</summary>
    public static DecisionGroups Separate(int elements) => new([.. Enumerable.Range(0, elements)], elements);

    /// <summary>How many decisions are made.</summary>
    public int Decisions => _places.Length;

    /// <summary>How many elements they decide about.</summary>
    public int Elements => _decisionOf.Length;

    /// <summary>The decision about each element.</summary>
    public ReadOnlySpan<int> DecisionOf => _decisionOf;

    /// <summary>The elements that a decision decides about, ascending.</summary>
    public ReadOnlySpan<int> ElementsOf(int decision) => _elements.AsSpan(_starts[decision].._starts[decision + 1]);

    /// <summary>The deciding elements of a tensor, one a decision.</summary>
    public ulong[] Select(ReadOnlySpan<ulong> tensor)
    {
        ulong[] selected = new ulong[_places.Length];
        for (int i = 0; i < selected.Length; i++)
            selected[i] = tensor[_places[i]];
        return selected;
    }

    // Counting sort.
    private static (int[] Starts, int[] Elements) Sort(int[] decisionOf, int decisions)
    {
        int[] starts = new int[decisions + 1], elements = new int[decisionOf.Length];
        foreach (int decision in decisionOf)
            starts[decision + 1]++;
        for (int i = 0; i < decisions; i++)
            starts[i + 1] += starts[i];
        int[] next = starts[..^1];
        for (int element = 0; element < elements.Length; element++)
            elements[next[decisionOf[element]]++] = element;
        return (starts, elements);
    }
}
