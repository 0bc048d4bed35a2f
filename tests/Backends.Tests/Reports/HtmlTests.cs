using PrivateInference.Backends.Reports.Markup;

namespace PrivateInference.Backends.Tests.Reports;

public sealed class HtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\" onload=\"x", "&quot; onload=&quot;x")]
    [InlineData("' & '", "&#39; &amp; &#39;")]
    [InlineData("a\0b\u202Ec", "a\uFFFDb\uFFFDc")]
    public void A_hole_is_text_and_hides_nothing(string text, string expected) => Assert.Equal($"<p>{expected}</p>", Html.Of($"<p>{text}</p>").ToString());

    [Fact]
    public void Half_a_character_becomes_a_whole_one() => Assert.Equal("\uFFFD", Html.Of($"{"\uD800"}").ToString());

    [Fact]
    public void Markup_in_a_hole_stays_markup()
    {
        Html cell = Html.Of($"<td>{"<"}</td>");
        Assert.Equal("<tr><td>&lt;</td><td>&lt;</td><td>&lt;</td></tr>", Html.Of($"<tr>{cell}{new[] { cell, cell }.Select(c => c)}</tr>").ToString());
    }

    [Theory]
    [InlineData(1.0, "1")]
    [InlineData(1234567.891, "1234567.89")]
    [InlineData(-0.125, "-0.13")]
    public void Coordinates_depend_on_no_culture(double number, string expected) => Assert.Equal(expected, Html.Of($"{number}").ToString());

    [Fact]
    public void A_long_name_keeps_its_end_and_has_the_whole_as_title()
    {
        string name = new string('a', 100) + "conv7";
        Assert.Equal($"<bdi title=\"{name}\">…{name[^64..]}</bdi>", HtmlText.Name(name).ToString());
    }

    [Theory]
    [InlineData(100, 100, "the same")]
    [InlineData(0, 5, "new")]
    [InlineData(5, 0, "none left")]
    [InlineData(100, 105, "+5.0 %")]
    [InlineData(100, 95, "−5.0 %")]
    [InlineData(100, 50, "2.0× less")]
    [InlineData(2, 31, "16× more")]
    public void A_change_is_a_factor_or_where_it_is_small_a_percentage(double from, double to, string expected) => Assert.Equal(expected, Figure.Change(from, to));
}
