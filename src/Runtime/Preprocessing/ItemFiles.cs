namespace PrivateInference.Runtime.Preprocessing;

/// <summary>How the names of a store's files end.</summary>
internal static class ItemFiles
{
    /// <summary>Complete and unused.</summary>
    public const string Item = ".item";

    /// <summary>Taken; to be deleted, whatever happens.</summary>
    public const string Claimed = ".claimed";

    /// <summary>Still being written.</summary>
    public const string Partial = ".partial";

    /// <summary>The identity in a name; null where the name is no unused item's.</summary>
    public static ItemId? IdOf(string name) => name.EndsWith(Item, StringComparison.Ordinal) ? ItemId.Parse(name.AsSpan(0, name.Length - Item.Length)) : null;

    /// <summary>Whether the file is nothing once the process that made it has gone.</summary>
    public static bool IsLeftOver(string name) => name.EndsWith(Claimed, StringComparison.Ordinal) || name.EndsWith(Partial, StringComparison.Ordinal);
}
