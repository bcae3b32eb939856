import { useRef, type FocusEvent, type KeyboardEvent } from 'react';

/** What makes a grid of a `<table>`: one stop for Tab, arrow keys go from cell to cell of its body. */
export interface GridKeys {
  readonly role: 'grid';
  readonly tabIndex: 0;
  onKeyDown(event: KeyboardEvent<HTMLTableElement>): void;
  onFocus(event: FocusEvent<HTMLTableElement>): void;
  onBlur(event: FocusEvent<HTMLTableElement>): void;
}

const pageRows = 10;

/**
 * Moves the focus within a table by the DOM alone, so that a row whose figures change every moment needs no rendering
 * for it. Body cells carry `tabIndex={-1}`; a control in a cell is reached by Tab from there, and one that is all of its
 * cell (`data-cell-control`) has the focus itself.
 */
export function useGridKeys(): GridKeys {
  const place = useRef({ row: 0, column: 0 });

  const go = (table: HTMLTableElement, row: number, column: number): void => {
    const rows = table.tBodies[0]?.rows;
    if (!rows || rows.length === 0) return;
    const target = rows[Math.min(rows.length - 1, Math.max(0, row))];
    const cell = target?.cells[Math.min(target.cells.length - 1, Math.max(0, column))];
    const own = cell?.querySelector<HTMLElement>('[data-cell-control]');
    (own ?? cell)?.focus();
  };

  return {
    role: 'grid',
    tabIndex: 0,
    onFocus: (event) => {
      const table = event.currentTarget;
      if (event.target === table) return go(table, place.current.row, place.current.column);
      const cell = event.target.closest('td, th');
      const row = cell?.closest('tr');
      if (!(cell instanceof HTMLTableCellElement) || !row) return;
      place.current = { row: row.sectionRowIndex, column: cell.cellIndex };
      table.tabIndex = -1; // so that Shift and Tab leave the table instead of landing on it again
    },
    onBlur: (event) => {
      if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.tabIndex = 0;
    },
    onKeyDown: (event) => {
      const { row, column } = place.current;
      const table = event.currentTarget;
      const last = (table.tBodies[0]?.rows.length ?? 1) - 1;
      switch (event.key) {
        case 'ArrowDown':
          go(table, row + 1, column);
          break;
        case 'ArrowUp':
          go(table, row - 1, column);
          break;
        case 'ArrowRight':
          go(table, row, column + 1);
          break;
        case 'ArrowLeft':
          go(table, row, column - 1);
          break;
        case 'PageDown':
          go(table, row + pageRows, column);
          break;
        case 'PageUp':
          go(table, row - pageRows, column);
          break;
        case 'Home':
          go(table, event.ctrlKey ? 0 : row, 0);
          break;
        case 'End':
          go(table, event.ctrlKey ? last : row, Number.MAX_SAFE_INTEGER);
          break;
        default:
          return;
      }
      event.preventDefault();
    },
  };
}
