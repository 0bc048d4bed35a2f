namespace PrivateInference.Frontend.Exporting;

/// <summary>Names that are taken, and new ones that are not.</summary>
internal sealed class NameScope(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    /// <summary>Takes the name, or one made of it.</summary>
    public string Unique(string wanted)
    {
        string name = wanted;
        for (int i = 1; !_taken.Add(name); i++)
            name = $"{wanted}_{i}";
        return name;
    }

    /// <summary>Takes a prefix for names: none that is taken starts with it and a slash.</summary>
    public string UniquePrefix(string wanted, IEnumerable<string> suffixes)
    {
        string prefix = $"{wanted}/";
        for (int i = 1; suffixes.Any(suffix => _taken.Contains(prefix + suffix)); i++)
            prefix = $"{wanted}/{i}/";
        _taken.UnionWith(suffixes.Select(suffix => prefix + suffix));
        return prefix;
    }
}
